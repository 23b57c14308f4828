"""Make a virtual environment with one version of the official client (`videogen` of PyPI), once per machine.

    python benchmarks/official.py [VERSION]

It prints the environment's Python, for the `--official` of the other benchmarks.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

CURRENT, FIRST = "2.5.3", "0.0.38"
CACHE = Path(sys.prefix) / "official"


def python_of(version: str, *also: str) -> str:
    """Return the Python of the environment for `version`, made now if need be, with what is asked for `also`.

    It is made beside its place and moved there when whole, so that whoever breaks off leaves nothing behind.
    """
    place = CACHE / "-".join([f"videogen-{version}", *also])
    if not place.exists():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE, ignore_cleanup_errors=True) as folder:
            made = Path(folder) / "environment"
            _make(made, [f"videogen=={version}", *also])
            try:
                made.rename(place)
            except OSError:  # another process was first
                if not place.exists():
                    raise
    return str(_python(place))


def _make(place: Path, packages: list[str]) -> None:
    venv.create(place, with_pip=False, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(_python(place)), "install", "--quiet"]
    done = subprocess.run([*pip, *packages], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"no environment with {', '.join(packages)}: {done.stderr}")


def _python(place: Path) -> Path:
    return place / "bin" / "python"


if __name__ == "__main__":
    print(python_of(*(sys.argv[1:] or [CURRENT])))
