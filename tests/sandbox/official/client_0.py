"""What of the official client 0.0.38 of spring 2026 still works: what was renamed since is refused.

Its own Python runs this: `python -m official.client_0 URL KEY sync|async`. It prints what each check found, as JSON.
"""

from __future__ import annotations

import asyncio
import importlib
import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from .common import PNG, QUICK, done, receiver, report


class Context:
    """A client, its helpers by name, and what the checks before made for those after."""

    def __init__(self, url: str, key: str, mode: str) -> None:
        self.sdk: Any = importlib.import_module("videogen")
        self.refused: Any = importlib.import_module("videogen.core.api_error").ApiError
        self.url, self.mode = url, mode
        self.kind: Any = self.sdk.VideoGenApi if mode == "sync" else self.sdk.AsyncVideoGenApi
        self.vg: Any = self.kind(token=key, base_url=url)
        self.image = ""

    async def helper(self, name: str, *args: Any, **values: Any) -> Any:
        """Call one of its helper functions, which take the client."""
        return await done(function(name if self.mode == "sync" else f"async_{name}")(self.vg, *args, **values))

    async def tool(self, start: Any, **values: Any) -> Any:
        """Run a tool to its end."""
        started = await done(start(**values))
        return await self.helper("poll_executed_tool", started.tool_execution_id, **QUICK)

    async def refusal(self, call: Any, *args: Any, **values: Any) -> tuple[int, str | None]:
        """Return status and code of a call that must be refused."""
        try:
            await done(call(*args, **values, request_options={"max_retries": 0}))
        except self.refused as error:
            return error.status_code, error.body["code"]
        raise AssertionError("it was not refused")


def function(name: str) -> Any:
    """Return a helper function: from its module, which after the first import hides it in the package."""
    return getattr(importlib.import_module(f"videogen.{name}"), name)


async def files(c: Context) -> None:
    file = await c.helper("upload_file", io.BytesIO(PNG), display_name="dot.png", type="IMAGE", **QUICK)
    c.image = file.file_id
    assert (file.type, file.scope, file.download_source.status) == ("IMAGE", "GLOBAL", "ready")
    assert c.image in {item.file_id for item in (await done(c.vg.files.get_files())).files}
    assert (await done(c.vg.files.get_file(c.image))).display_name == "dot.png"
    assert (await done(c.vg.files.hydrate_file(c.image))).preview_source.url


async def downloads(c: Context) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dot.png"
        await c.helper("download_file", c.image, str(path))
        assert path.read_bytes() == PNG


async def tools(c: Context) -> None:
    for start, values, kind in (
        (c.vg.tools.generate_image, {"prompt": "A harbour", "image_file_ids": [c.image], "num_results": 2}, "IMAGE"),
        (c.vg.tools.generate_video_clip, {"prompt": "Waves", "generate_audio": False}, "VIDEO"),
        (c.vg.tools.text_to_speech, {"tts_text": "Stay hydrated.", "voice_id": "Matilda"}, "AUDIO"),
        (c.vg.tools.generate_sound_effect, {"prompt": "Rain"}, "AUDIO"),
    ):
        executed = await c.tool(start, **values)
        assert (executed.status, executed.error) == ("succeeded", None)
        assert {result.type for result in executed.results} == {kind}
        assert executed.results[0].file.download_source.url


async def cancelling(c: Context) -> None:
    started = (await done(c.vg.tools.generate_image(prompt="Slow"))).tool_execution_id
    assert (await done(c.vg.tools.cancel_tool_execution(started))).tool_execution_id == started
    assert (await done(c.vg.tools.get_tool_execution_info(started))).status == "cancelled"


async def public_preview(c: Context) -> None:
    shown = await done(c.vg.files.enable_public_preview(c.image))
    assert shown.is_public_preview_enabled is True
    shown = await done(c.vg.files.disable_public_preview(c.image))
    assert shown.is_public_preview_enabled is False


async def catalogues(c: Context) -> None:
    voices = (await done(c.vg.resources.list_tts_voices(include_deprecated_voices=False))).tts_voices
    assert "Matilda" in {voice.display_name for voice in voices}
    presenters = (await done(c.vg.resources.list_avatar_presenters())).avatar_presenters
    assert all(presenter.avatar_presenter_id.startswith("vg_pres_") for presenter in presenters)


async def webhooks(c: Context) -> None:
    with receiver() as (url, received):
        events = ["tool_execution.succeeded"]
        made = await done(c.vg.webhooks.create_webhook_endpoint(url=url, events=events))
        listed = (await done(c.vg.webhooks.list_webhook_endpoints())).endpoints
        assert [item.endpoint_id for item in listed] == [made.endpoint_id]
        executed = await c.tool(c.vg.tools.generate_image, prompt="A harbour")
        body, headers = received.get(timeout=10)
        event = function("verify_webhook_signature")(body, headers, made.signing_secret)
        assert (event["event"], event["toolExecutionId"]) == (events[0], executed.tool_execution_id)
        await done(c.vg.webhooks.delete_webhook_endpoint(made.endpoint_id))


async def refusals(c: Context) -> None:
    stranger = c.kind(token="sk_videogen_live_wrong", base_url=c.url)
    assert await c.refusal(stranger.files.get_files) == (401, "invalid_api_key")
    assert await c.refusal(c.vg.files.get_file, "vg_file_0123456789") == (404, "not_found")


async def renamed_since(c: Context) -> None:
    """`imageStorageFileId` and its like are `imageFileId` now, and avatars are entities."""
    own = c.vg.tools
    for start in (own.vectorize_image, own.remove_image_background, own.upscale_image):
        assert await c.refusal(start, image_storage_file_id=c.image) == (400, "invalid_request")
    for start in (own.remove_video_background, own.upscale_video):
        assert await c.refusal(start, video_storage_file_id=c.image) == (400, "invalid_request")
    avatar = {"avatar_presenter_id": "vg_pres_0123456789", "audio_storage_file_id": c.image}
    assert await c.refusal(own.generate_avatar, **avatar) == (400, "invalid_request")


async def search_and_archive(c: Context) -> None:
    found = (await done(c.vg.files.search_files(query="dot.png", num_results=1))).results
    assert [item.file.file_id for item in found] == [c.image]
    await done(c.vg.files.archive_file(c.image))
    assert c.image not in {item.file_id for item in (await done(c.vg.files.get_files())).files}


CHECKS = (
    files,
    downloads,
    tools,
    cancelling,
    public_preview,
    catalogues,
    webhooks,
    refusals,
    renamed_since,
    search_and_archive,
)


async def main(url: str, key: str, mode: str) -> None:
    await report(CHECKS, Context(url, key, mode))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
