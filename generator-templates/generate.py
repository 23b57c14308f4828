"""Write the generated layer: `python generator-templates/generate.py [DESTINATION]`, by default `generated/`.

Runs openapi-python-client on the prepared document in a temporary folder and then replaces the destination,
so that a failure leaves it as it was and nothing stale stays behind. Any warning is a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from prepare import PrepareError, prepare

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("destination", nargs="?", default=PROJECT / "generated", type=Path)
    parser.add_argument("--spec", default=PROJECT / "openapi.yaml", type=Path)
    args = parser.parse_args()
    try:
        document = prepare(yaml.safe_load(args.spec.read_text(encoding="utf-8")))
    except PrepareError as error:
        print(f"generate: {args.spec}: {error}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        prepared, output = Path(folder, "openapi.json"), Path(folder, "generated")
        prepared.write_text(json.dumps(document), encoding="utf-8")
        status = run_generator(prepared, output)
        if status == 0:
            (output / "errors.py").rename(output / "events.py")  # the generator has no name for events
            shutil.rmtree(args.destination, ignore_errors=True)
            shutil.copytree(output, args.destination)
    return status


def run_generator(prepared: Path, output: Path) -> int:
    """Run the generator with this interpreter's own tools first on PATH, and show its words if it fails."""
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate"),
        *("--path", prepared, "--output-path", output, "--meta", "none"),
        *("--config", PROJECT / "generator-config.yml", "--custom-template-path", HERE, "--fail-on-warning"),
    ]
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    done = subprocess.run(command, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
