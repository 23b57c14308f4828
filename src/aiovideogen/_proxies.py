"""The proxy that the environment names (layer 2)."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

__all__ = ["proxy_for"]


def proxy_for(base_url: str) -> str | None:
    """Return the URL of the proxy for calls of an API; None where it is to be reached without.

    One that is reached by http is on this machine, where a proxy would only see the key in the clear.
    """
    at = urlsplit(base_url)
    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    if at.scheme != "https" or not proxy or proxy_bypass(at.netloc):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
