"""From a picture on disk to a new picture, and from a script to a video.

    python examples/quickstart.py [PICTURE] [FOLDER]

Runs against the public API with the key in VIDEOGEN_API_KEY (both jobs are billed), or against a sandbox on this
machine when VIDEOGEN_BASE_URL names one: `python -m aiovideogen.sandbox` prints both lines to set.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import anyio

from aiovideogen import AuthenticationError, VideoGen
from aiovideogen.models import ExecutedTool, WorkflowRun, WorkflowVisualStyle

HERE = Path(__file__).resolve().parent

WHAT_TO_DO = """\
No API key is set, and no sandbox. Either

  export VIDEOGEN_API_KEY=...          a key from app.videogen.io/api; the jobs are billed
  python examples/quickstart.py

or try it for free on this machine:

  make demo                            or, by hand:
  python -m aiovideogen.sandbox        and set the two variables that it prints
"""


def show_progress(job: ExecutedTool | WorkflowRun) -> None:
    """Draw a bar: on one line of a terminal, line by line elsewhere."""
    filled = round(job.progress_percentage / 100 * 30)
    line = f"  [{'#' * filled}{'.' * (30 - filled)}] {job.progress_percentage:3.0f} %  {job.status}"
    last = job.status in ("succeeded", "failed", "cancelled")
    print(
        "\r" + line if sys.stdout.isatty() else line, end="" if sys.stdout.isatty() and not last else "\n", flush=True
    )


async def picture_from_picture(vg: VideoGen, picture: Path, folder: Path) -> Path:
    print(f"Uploading {picture.name} …")
    uploaded = await vg.files.upload(picture)

    started = await vg.tools.generate_image(
        prompt="The same place at night, lit by lanterns", image_file_ids=[uploaded.file_id]
    )
    print(f"Started {started.id} (with this id the result can be collected at any time, from anywhere)")
    image = await vg.wait_for(started, on_progress=show_progress)
    return await vg.files.download(image, folder / "lanterns.png")


async def video_from_script(vg: VideoGen, folder: Path) -> Path:
    started = await vg.workflows.script_to_video(
        script="Stay hydrated for better focus and energy. A glass of water within reach is all it takes.",
        visual_style=WorkflowVisualStyle(type="STOCK"),
        auto_export=True,
    )
    print(f"Started {started.id}, which builds {started.project_url}")
    run = await vg.wait_for(started, on_progress=show_progress)
    return await vg.files.download(run, folder / "hydration.mp4")


async def main(picture: Path, folder: Path) -> None:
    async with VideoGen() as vg:
        for saved in (await picture_from_picture(vg, picture, folder), await video_from_script(vg, folder)):
            print(f"Saved {saved}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("picture", nargs="?", type=Path, default=HERE / "harbour.png", help="the picture to start from")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("demo-output"), help="where the results go")
    args = parser.parse_args()
    if not os.environ.get("VIDEOGEN_API_KEY"):
        print(WHAT_TO_DO, file=sys.stderr)
        sys.exit(2)
    args.folder.mkdir(parents=True, exist_ok=True)
    try:
        anyio.run(main, args.picture, args.folder)
    except AuthenticationError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
