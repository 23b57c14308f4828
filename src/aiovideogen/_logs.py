"""What the libraries below log of requests and answers (layer 2): without the secrets in it."""

from __future__ import annotations

import logging
import re

from .errors import without_secrets

__all__ = ["keep_secrets"]


class _WithoutSecrets(logging.Filter):
    """httpx logs each URL whole at INFO, signatures included, and httpcore the headers of answers at DEBUG.

    Of a SOCKS proxy it logs the password.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _AUTH.sub("auth=…", without_secrets(str(record.msg)))
        if isinstance(record.args, tuple):
            record.args = tuple(arg if isinstance(arg, _PLAIN) else without_secrets(str(arg)) for arg in record.args)
        return True


_PLAIN = (int, float, type(None))
_AUTH = re.compile(r"\bauth=.*", re.DOTALL)


def keep_secrets(*loggers: str) -> None:
    """Have loggers say nothing that is secret."""
    for name in loggers:
        logging.getLogger(name).addFilter(_WithoutSecrets())
