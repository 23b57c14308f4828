"""Run the quickstart against a sandbox, and look whether what it saved is real media: this is `make demo`.

python examples/demo.py [FOLDER]
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import av
from PIL import Image

HERE = Path(__file__).resolve().parent


def start_sandbox() -> tuple[subprocess.Popen[str], dict[str, str]]:
    """Start the server, and return it with the two variables it prints once it accepts calls."""
    command = [sys.executable, "-m", "aiovideogen.sandbox", "--port", "0", "--job-seconds", "4"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    settings: dict[str, str] = {}
    for line in server.stdout:
        if line.strip() == "ready":
            return server, settings
        name, _, value = line.strip().partition("=")
        settings[name] = value
    raise SystemExit(f"the sandbox did not start (exit {server.wait()})")


def check_picture(path: Path) -> str:
    with Image.open(path) as picture:
        picture.load()
        return f"{picture.format} of {picture.width} x {picture.height} pixels"


def check_video(path: Path) -> str:
    with av.open(path) as video:
        frames = sum(1 for _ in video.decode(video=0))
        stream = video.streams.video[0]
        return f"{stream.codec_context.name} video of {stream.width} x {stream.height} pixels, {frames} frames"


def main(folder: Path) -> int:
    server, settings = start_sandbox()
    try:
        print(f"Sandbox at {settings['VIDEOGEN_BASE_URL']}")
        command = [sys.executable, HERE / "quickstart.py", HERE / "harbour.png", folder]
        done = subprocess.run(command, env={**os.environ, **settings}, check=False)
    finally:
        server.terminate()
        server.wait()
    if done.returncode:
        return done.returncode
    print(f"Decoded {folder / 'lanterns.png'}: {check_picture(folder / 'lanterns.png')}")
    print(f"Decoded {folder / 'hydration.mp4'}: {check_video(folder / 'hydration.mp4')}")
    print(f"Everything is in {folder.resolve()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo-output")))
