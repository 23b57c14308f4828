"""Serve a sandbox from the command line."""

from __future__ import annotations

import argparse
import importlib.util
import sys

from ._app import DEFAULT_KEY, Sandbox
from ._server import listen, make_server

NEEDED = {"yaml": "pyyaml", "jsonschema": "jsonschema", "uvicorn": "uvicorn", "h11": "h11", "PIL": "pillow", "av": "av"}


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m aiovideogen.sandbox",
        description="A server on this machine that answers as the VideoGen API does.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one")
    parser.add_argument("--key", default=DEFAULT_KEY, help="the API key to accept")
    parser.add_argument("--job-seconds", type=float, default=2.0, help="how long a job takes")
    parser.add_argument("--seed", type=int, help="make ids repeatable")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM; return the exit status."""
    options = _arguments(argv)
    missing = [name for module, name in NEEDED.items() if not importlib.util.find_spec(module)]
    if missing:
        print(f"The sandbox also needs {', '.join(missing)}.", file=sys.stderr)
        print('Install it with: pip install "aiovideogen[sandbox]"', file=sys.stderr)
        return 2
    try:
        sock, url = listen(options.host, options.port)
    except (ValueError, OSError, OverflowError) as error:
        print(f"Can't listen: {error}", file=sys.stderr)
        return 2

    def announce() -> None:
        print(f"VIDEOGEN_BASE_URL={url}\nVIDEOGEN_API_KEY={options.key}\nready", flush=True)

    sandbox = Sandbox(key=options.key, job_seconds=options.job_seconds, seed=options.seed)
    make_server(sandbox, announce).run([sock])
    return 0


if __name__ == "__main__":
    sys.exit(main())
