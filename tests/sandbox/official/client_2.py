"""Everything that the official client 2.5.3 of October 2026 can do, sync and async, by the same checks.

Its own Python runs this: `python -m official.client_2 URL KEY sync|async`. It prints what each check found, as JSON.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

from .common import PNG, QUICK, done, receiver, report

REASON = "The prompt was refused."


class Context:
    """A client, what it needs to know, and what the checks before made for those after."""

    def __init__(self, url: str, key: str, mode: str) -> None:
        self.sdk: Any = importlib.import_module("videogen")
        self.httpx: Any = importlib.import_module("httpx")
        self.url = url
        self.kind: Any = self.sdk.VideoGen if mode == "sync" else self.sdk.AsyncVideoGen
        self.vg: Any = self.kind(api_key=key, base_url=url)
        self.files: dict[str, str] = {}

    def tell(self, what: str, body: Any) -> None:
        """Ask the sandbox for a fault, or say how the next job goes."""
        assert self.httpx.post(f"{self.url}/_sandbox/{what}", json=body).status_code == 200

    async def refusal(self, call: Any, **values: Any) -> Any:
        """Return the client's own error of a call that must be refused."""
        try:
            await done(call(**values))
        except self.sdk.VideoGenError as error:
            return error
        raise AssertionError("it was not refused")


def is_good(tool: Any, kind: str) -> str:
    """Assert that a tool has made a file of this type, and return its id."""
    assert (tool["status"], tool["progress_percentage"], tool["error"]) == ("succeeded", 100, None), tool
    assert {result["type"] for result in tool["results"]} == {kind}
    assert all(result["download_url"] and result["file"]["file_id"] for result in tool["results"])
    return tool["results"][0]["file_id"]


async def account(c: Context) -> None:
    me = await done(c.vg.account.get_me())
    assert me["api_key_id"].startswith("vg_key_")
    assert me == await done(c.vg.request(method="get", path="/v1/me"))


async def catalogues(c: Context) -> None:
    voices = (await done(c.vg.resources.list_tts_voices(include_deprecated_voices=True, limit=200)))["tts_voices"]
    fewer = (await done(c.vg.resources.list_tts_voices(query="matilda")))["tts_voices"]
    assert [voice["display_name"] for voice in fewer] == ["Matilda"]
    assert any(voice["is_deprecated"] for voice in voices)
    languages = (await done(c.vg.resources.list_languages(query="german")))["languages"]
    assert [language["language_code"] for language in languages] == ["de"]
    assert (await done(c.vg.text.generate_text(prompt="A slogan", quality="LOW")))["text"]


async def uploads(c: Context) -> None:
    file = await done(c.vg.upload_file(PNG, display_name="dot.png", content_type="image/png", **QUICK))
    assert (file["type"], file["download_source"]["status"], file["scope"]) == ("IMAGE", "ready", "GLOBAL")
    c.files["image"] = file["file_id"]
    deck = await done(c.vg.upload_file(b"%PDF-1.4 deck", display_name="deck.pdf", type="PDF", temporary=True, **QUICK))
    assert deck["scope"] == "TEMPORARY"
    c.files["deck"] = deck["file_id"]
    try:
        await done(c.vg.upload_file(PNG, display_name="dot.mp4", type="VIDEO", **QUICK))
    except RuntimeError:
        return
    raise AssertionError("an image passed as a video")


async def downloads(c: Context) -> None:
    assert await done(c.vg.download_file(c.files["image"])) == PNG
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new" / "dot.png"
        await done(c.vg.download_file(c.files["image"], output_path=path))
        assert path.read_bytes() == PNG
    file = await done(c.vg.get_hydrated_file(c.files["image"]))
    assert c.httpx.get(file["thumbnail_source"]["url"]).status_code == 200
    shown = await done(c.vg.files.get_file(c.files["image"]))
    assert shown["display_name"] == "dot.png"


async def speech(c: Context) -> None:
    spoken = c.vg.tools.text_to_speech_and_wait(tts_text="Stay hydrated.", voice_id="Matilda", **QUICK)
    c.files["audio"] = is_good(await done(spoken), "AUDIO")
    assert (await done(c.vg.download_file(c.files["audio"])))[:4] == b"RIFF"


async def tools_from_text(c: Context) -> None:
    tools = c.vg.tools
    image = await done(tools.generate_image_and_wait(prompt="A harbour", num_results=2, quality="HIGH", **QUICK))
    assert len(image["results"]) == 2
    assert is_good(image, "IMAGE") != c.files["image"]
    clip = tools.generate_video_clip_and_wait(prompt="Waves", duration_seconds=None, **QUICK)
    c.files["video"] = is_good(await done(clip), "VIDEO")
    is_good(await done(tools.generate_motion_graphic_and_wait(prompt="A chart", **QUICK)), "VIDEO")
    is_good(await done(tools.generate_sound_effect_and_wait(prompt="Rain", duration_seconds=1, **QUICK)), "AUDIO")
    is_good(await done(tools.generate_music_and_wait(prompt="Calm piano", **QUICK)), "AUDIO")


async def tools_from_files(c: Context) -> None:
    tools, image, video = c.vg.tools, {"image_file_id": c.files["image"]}, {"video_file_id": c.files["video"]}
    is_good(await done(tools.vectorize_image_and_wait(**image, **QUICK)), "IMAGE")
    is_good(await done(tools.remove_image_background_and_wait(**image, **QUICK)), "IMAGE")
    is_good(await done(tools.upscale_image_and_wait(**image, **QUICK)), "IMAGE")
    is_good(await done(tools.image3d_effect_and_wait(**image, **QUICK)), "VIDEO")
    is_good(await done(tools.remove_video_background_and_wait(**video, **QUICK)), "VIDEO")
    is_good(await done(tools.upscale_video_and_wait(**video, **QUICK)), "VIDEO")
    actors = await done(c.vg.entities.list_entities(entity_type="ACTOR", limit=1))
    actor = actors["entities"][0]["entity_id"]
    avatar = tools.generate_avatar_and_wait(actor_entity_id=actor, audio_file_id=c.files["audio"], **QUICK)
    is_good(await done(avatar), "VIDEO")


async def a_tool_by_hand(c: Context) -> None:
    c.tell("jobs", {"seconds": 60})
    started = (await done(c.vg.tools.generate_image(prompt="Slow")))["tool_execution_id"]
    assert (await done(c.vg.tools.get_tool_execution_info(started)))["status"] in ("pending", "running")
    assert (await done(c.vg.tools.cancel_tool_execution(started)))["tool_execution_id"] == started
    over = await done(c.vg.poll_executed_tool(started, throw_on_failure=False, **QUICK))
    assert over["status"] == "cancelled"
    first = await done(c.vg.tools.list_tool_executions(limit=2, self_only=False))
    assert first["tool_executions"][0]["tool_execution_id"] == started
    second = await done(c.vg.tools.list_tool_executions(limit=2, cursor=first["next_cursor"]))
    assert {item["tool_execution_id"] for item in second["tool_executions"]}.isdisjoint(
        item["tool_execution_id"] for item in first["tool_executions"]
    )


async def workflows(c: Context) -> None:
    flows, files = c.vg.workflows, c.files
    style = {"type": "STOCK"}
    run = await done(flows.script_to_video_and_wait(script="Drink.", visual_style=style, auto_export=True, **QUICK))
    assert run["status"] == "succeeded"
    assert b"ftyp" in (await done(c.vg.download_file(run["export_file_id"])))[:32]
    files["project"] = run["project_id"]
    for start, values in (
        (flows.voiceover_to_video_and_wait, {"file_id": files["audio"], "visual_style": style}),
        (flows.slideshow_to_video_and_wait, {"file_id": files["deck"]}),
        (flows.prompt_to_video_clip_and_wait, {"prompt": "Waves", "aspect_ratio": {"width": 9, "height": 16}}),
        (flows.video_to_video_and_wait, {"prompt": "Shorter", "video_file_id": files["video"]}),
    ):
        assert (await done(start(**values, **QUICK)))["status"] == "succeeded"
    newest = (await done(flows.list_workflow_runs(limit=1)))["workflow_runs"][0]
    assert (await done(flows.get_workflow_run(newest["workflow_run_id"])))["project_id"] == newest["project_id"]
    assert (await done(flows.cancel_workflow_run(newest["workflow_run_id"])))["project_id"] == newest["project_id"]


async def progress(c: Context) -> None:
    c.tell("jobs", {"seconds": 0.2})
    started = await done(c.vg.workflows.prompt_to_video_clip(prompt="Slow"))
    seen: list[float] = []
    await done(c.vg.poll_workflow_run(started["workflow_run_id"], on_progress=seen.append, **QUICK))
    assert seen == sorted(seen)
    assert seen[-1] == 100


async def projects(c: Context) -> None:
    own, project = c.vg.projects, c.files["project"]
    export = await done(own.export_and_wait(project_id=project, quality="HIGH", **QUICK))
    assert export["status"] == "succeeded"
    assert export["export_file_id"] == export["file"]["file_id"]
    remix = own.remix_and_wait(
        project_id=project, remix_actions=[{"type": "ENABLE_CAPTIONS"}, {"type": "ADD_ZOOM"}], **QUICK
    )
    assert [item["type"] for item in (await done(remix))["remix_actions"]] == ["ADD_ZOOM", "ENABLE_CAPTIONS"]
    copy = own.remix_and_wait(
        project_id=project, remix_actions=[{"type": "DISABLE_CAPTIONS"}], save_as_new_project=True, **QUICK
    )
    assert (await done(copy))["remix_actions"][0]["project_id"] != project
    timeline = await done(own.create_timeline_interchange_and_wait(project_id=project, format="SRT", **QUICK))
    assert b"-->" in c.httpx.get(timeline["download_url"]).content
    assert (await done(own.get_project(project)))["status"] == "ready"
    assert project in {item["project_id"] for item in (await done(own.list_projects(limit=200)))["projects"]}
    assert len((await done(own.list_project_exports(project_id=project, limit=1)))["exports"]) == 1


async def assistant(c: Context) -> None:
    chat = c.vg.assistant
    started = await done(chat.start_assistant_chat(message="A video about water", auto_generate=True))
    reply = await done(c.vg.poll_assistant_message(started["message_id"], **QUICK))
    run = await done(c.vg.poll_workflow_run(reply["generation"]["workflow_run_id"], **QUICK))
    assert run["project_id"] == started["project_id"]
    first = await done(chat.start_assistant_chat_and_wait(message="Draft a script", **QUICK))
    assert first["content"]
    newest = await done(chat.get_assistant(started["assistant_id"]))
    assert [message["role"] for message in newest["messages"]] == ["user", "assistant"]
    where = {"assistant_id": started["assistant_id"]}
    second = await done(chat.send_assistant_message_and_wait(**where, message="Shorter", **QUICK))
    action = second["workflow_suggestions"][0]["action_id"]
    last = await done(chat.act_on_assistant_action_and_wait(**where, action_id=action, decision="APPROVE", **QUICK))
    assert last["generation"]["project_id"] == started["project_id"]


async def files(c: Context) -> None:
    own, image = c.vg.files, c.files["image"]
    found = (await done(own.search_files(query="dot.png", num_results=1)))["results"]
    assert found[0]["file"]["file_id"] == image
    assert image in {file["file_id"] for file in (await done(own.get_files(limit=200)))["files"]}
    url = "https://example.com/harbour.png"
    imported = await done(own.create_file_url_import_and_wait(url=url, **QUICK))
    assert imported["file_id"].startswith("vg_file_")
    exports = (await done(own.get_files(include_export_files=True, limit=200)))["files"]
    assert "EXPORT" in {file["scope"] for file in exports}
    await done(own.archive_file(imported["file_id"]))
    assert imported["file_id"] not in {file["file_id"] for file in (await done(own.get_files(limit=200)))["files"]}


async def public_preview(c: Context) -> None:
    picture = await done(c.vg.create_public_preview(c.files["image"], **QUICK))
    assert c.httpx.get(picture["static_public_preview_source"]["url"]).content == PNG
    clip = await done(c.vg.create_public_preview(c.files["video"], wait_for_embed_playback_id=True, **QUICK))
    assert clip["public_playback_id"].startswith("vg_play_")
    assert c.httpx.get(clip["public_hls_url"]).text.startswith("#EXTM3U")
    after = await done(c.vg.files.disable_public_preview(c.files["video"]))
    assert after["public_playback_id"] is None
    assert c.httpx.get(clip["public_hls_url"]).status_code == 404


async def entities(c: Context) -> None:
    own = c.vg.entities
    entity = (await done(own.create_entity(entity_type="PRODUCT", name="Bottle")))["entity_id"]
    await done(own.update_entity(entity_id=entity, description="Steel"))
    await done(own.add_entity_reference(entity_id=entity, file_id=c.files["image"], is_default=True))
    shown = await done(own.get_entity(entity))
    assert (shown["description"], shown["references"][0]["file_id"]) == ("Steel", c.files["image"])
    removed = await done(own.remove_entity_reference(entity_id=entity, file_id=c.files["image"]))
    assert removed["references"] == []
    assert (await done(own.archive_entity(entity)))["archived"] is True


async def webhooks(c: Context) -> None:
    events = ["tool_execution.succeeded", "workflow_run.failed"]
    with receiver() as (url, received):
        made = await done(c.vg.webhooks.create_webhook_endpoint(url=url, events=events))
        listed = (await done(c.vg.webhooks.list_webhook_endpoints()))["endpoints"]
        assert [item["signing_secret_last4"] for item in listed] == [made["signing_secret"][-4:]]
        image = await done(c.vg.tools.generate_image_and_wait(prompt="A harbour", **QUICK))
        body, headers = received.get(timeout=10)
        event = c.vg.verify_webhook_signature(body, headers, made["signing_secret"])
        assert event["event"] == "tool_execution.succeeded"
        assert event["tool_execution_id"] == image["tool_execution_id"]
        assert event["results"][0]["file_id"] == image["results"][0]["file_id"]
        signed = {"headers": headers, "secret": made["signing_secret"]}
        forged = await c.refusal(c.vg.verify_webhook_signature, raw_body=body + " ", **signed)
        assert forged.status == 401
        c.tell("jobs", {"status": "failed", "error": {"message": REASON}})
        await done(c.vg.workflows.prompt_to_video_clip_and_wait(prompt="Bad", throw_on_failure=False, **QUICK))
        event = c.vg.verify_webhook_signature(*received.get(timeout=10), made["signing_secret"])
        assert (event["event"], event["error"]["message"]) == ("workflow_run.failed", REASON)
        assert await done(c.vg.webhooks.delete_webhook_endpoint(made["endpoint_id"])) is None
    assert (await done(c.vg.webhooks.list_webhook_endpoints()))["endpoints"] == []


async def refusals(c: Context) -> None:
    stranger = c.kind(api_key="sk_videogen_live_wrong", base_url=c.url)
    error = await c.refusal(stranger.account.get_me)
    assert (error.status, error.body["code"]) == (401, "invalid_api_key")
    assert error.request_id
    error = await c.refusal(c.vg.files.get_file, file_id="vg_file_0123456789")
    assert (error.status, error.body["code"]) == (404, "not_found")
    error = await c.refusal(c.vg.files.get_file, file_id="vg_proj_0123456789")
    assert (error.status, error.body["code"]) == (400, "invalid_id")
    error = await c.refusal(c.vg.tools.generate_image)
    assert error.status == 400
    actor = (await done(c.vg.entities.list_entities(limit=1)))["entities"][0]["entity_id"]
    error = await c.refusal(c.vg.entities.archive_entity, entity_id=actor)
    assert (error.status, error.body["code"]) == (403, "not_authorized")
    assert "requirement" in error.body
    for status, code in ((429, "rate_limited"), (500, None)):
        c.tell("faults", {"operation_id": "listLanguages", "status": status})
        error = await c.refusal(c.vg.resources.list_languages)
        assert (error.status, error.body["code"]) == (status, code)


async def failures(c: Context) -> None:
    error = {"message": REASON, "code": None}
    c.tell("jobs", [{"status": "failed", "error": error}] * 2)
    raised = await c.refusal(c.vg.tools.generate_image_and_wait, prompt="Bad", **QUICK)
    assert (raised.status, raised.body["error"]["message"]) == (0, REASON)
    run = await done(c.vg.workflows.prompt_to_video_clip_and_wait(prompt="Bad", throw_on_failure=False, **QUICK))
    assert (run["status"], run["error"]["message"]) == ("failed", REASON)
    c.tell("jobs", {"status": "awaiting_approval"})
    waiting = await done(c.vg.tools.generate_image_and_wait(prompt="Ask", **QUICK))
    assert (waiting["status"], waiting["results"]) == ("awaiting_approval", [])
    c.tell("jobs", {"status": "failed", "error": error})
    raised = await c.refusal(c.vg.assistant.start_assistant_chat_and_wait, message="Bad", **QUICK)
    assert str(raised) == REASON


async def a_lost_connection(c: Context) -> None:
    c.tell("faults", {"operation_id": "getMe", "drop": "before"})
    try:
        await done(c.vg.account.get_me())
    except c.httpx.TransportError:
        await done(c.vg.account.get_me())
        return
    raise AssertionError("nothing was lost")


CHECKS = (
    account,
    catalogues,
    uploads,
    downloads,
    speech,
    tools_from_text,
    tools_from_files,
    a_tool_by_hand,
    workflows,
    progress,
    projects,
    assistant,
    files,
    public_preview,
    entities,
    webhooks,
    refusals,
    failures,
    a_lost_connection,
)


async def main(url: str, key: str, mode: str) -> None:
    await report(CHECKS, Context(url, key, mode))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
