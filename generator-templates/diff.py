"""Compare openapi.yaml with a newer document: `python generator-templates/diff.py UPSTREAM [--json]`.

UPSTREAM is an OpenAPI 3 document, JSON or YAML. What counts is what goes over the wire, as an operation or a webhook
reaches it; each difference is marked for callers (who send) and parsers (who read). How a document says it, and what
openapi.yaml says in extensions of its own, makes no difference.

Exit status: 0 when nothing differs, 1 when something does, 2 when a document can't be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from api_diff.compare import compare
from api_diff.document import UnreadableError, load
from api_diff.report import as_json, as_text

PROJECT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("upstream", type=Path, help="the other document, JSON or YAML")
    parser.add_argument("--spec", default=PROJECT / "openapi.yaml", type=Path, help="ours, by default openapi.yaml")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args(arguments)
    try:
        result = compare(load(args.spec), load(args.upstream))
    except UnreadableError as error:
        print(f"diff: {error}", file=sys.stderr)
        return 2
    except RecursionError:
        print(f"diff: {args.upstream}: schemas that contain each other without end", file=sys.stderr)
        return 2
    sys.stdout.write(as_json(result) if args.json else as_text(result))
    return 1 if result.changes else 0


if __name__ == "__main__":
    sys.exit(main())
