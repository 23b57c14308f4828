"""Serve a sandbox from the command line."""

from __future__ import annotations

import argparse
import importlib.util
import sys

from ._app import DEFAULT_KEY, Sandbox
from ._control import HELP
from ._server import listen, make_server

NEEDED = {"yaml": "pyyaml", "jsonschema": "jsonschema", "uvicorn": "uvicorn", "h11": "h11", "PIL": "pillow", "av": "av"}


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m aiovideogen.sandbox",
        description="A server on this machine that answers as the VideoGen API does.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one")
    parser.add_argument("--key", default=DEFAULT_KEY, help="the API key to accept")
    parser.add_argument("--job-seconds", type=float, default=2.0, help="how long a job takes")
    parser.add_argument("--seed", type=int, help="make ids, chance and messages repeatable")
    parser.add_argument("--plan", choices=("pro", "no_add_on", "free"), default="pro", help="the account's plan")
    parser.add_argument("--credits", type=int, help="how many results can be paid; endless if omitted")
    limits = argparse.BooleanOptionalAction
    parser.add_argument("--rate-limits", action=limits, default=True, help="keep to the documented rate limits")
    parser.add_argument("--rate-limit-scale", type=float, default=1.0, help="multiply the limits by this")
    parser.add_argument("--rate-window", type=float, default=3600.0, help="the seconds they count for")
    parser.add_argument("--webhook-tries", type=int, default=5, help="how often a message is sent at most")
    parser.add_argument("--webhook-backoff", type=float, default=5.0, help="seconds before it is sent again")
    return parser.parse_args(argv)


def _sandbox(options: argparse.Namespace) -> Sandbox:
    names = (
        "key",
        "job_seconds",
        "seed",
        "plan",
        "credits",
        "rate_limits",
        "rate_limit_scale",
        "rate_window",
        "webhook_tries",
        "webhook_backoff",
    )
    return Sandbox(**{name: getattr(options, name) for name in names})


def main(argv: list[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM; return the exit status."""
    options = _arguments(argv)
    missing = [name for module, name in NEEDED.items() if not importlib.util.find_spec(module)]
    if missing:
        print(f"The sandbox also needs {', '.join(missing)}.", file=sys.stderr)
        print('Install it with: pip install "aiovideogen[sandbox]"', file=sys.stderr)
        return 2
    try:
        sandbox = _sandbox(options)
        sock, url = listen(options.host, options.port)
    except (ValueError, OSError, OverflowError) as error:
        print(f"Can't serve: {error}", file=sys.stderr)
        return 2

    def announce() -> None:
        print(f"VIDEOGEN_BASE_URL={url}\nVIDEOGEN_API_KEY={options.key}\nready", flush=True)

    make_server(sandbox, announce).run([sock])
    return 0


if __name__ == "__main__":
    sys.exit(main())
