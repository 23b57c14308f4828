"""What tools, runs, projects, exports, interchange and assistants do over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aiovideogen.sandbox import JobScript, Sandbox

from .conftest import Api, Clock

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.anyio

IMAGES = "/v1/tools/generate-image"
SCRIPTS = "/v1/workflows/script-to-video"
SCRIPT: dict[str, Any] = {"script": "Hello", "visualStyle": {"type": "STOCK"}}
ZOOM = {"type": "ADD_ZOOM"}
WEEK = 7 * 86400
URL_FIELDS = ("exportId", "downloadUrl", "downloadUrlExpiresAt", "thumbnailUrl", "thumbnailUrlExpiresAt")


async def test_an_execution_over_time(api: Api) -> None:
    path = "/v1/tools/executions/" + (await api.post(IMAGES, prompt="x", numResults=3))["toolExecutionId"]
    shown = await api.get(path)
    assert (shown["status"], shown["progressPercentage"], shown["results"]) == ("pending", 0, [])
    api.clock.move(5.5)
    shown = await api.get(path)
    assert (shown["status"], shown["progressPercentage"]) == ("running", 50)
    api.clock.move(4.5)
    shown = await api.get(path)
    assert (shown["status"], shown["progressPercentage"]) == ("succeeded", 100)
    assert len({result["fileId"] for result in shown["results"]}) == 3
    result = shown["results"][0]
    assert result["downloadUrl"] == result["file"]["downloadUrl"]
    assert result["file"]["sourceToolExecutionId"] == shown["toolExecutionId"]
    assert result["file"]["scope"] == "GLOBAL"
    assert "fileAnalysisMetadata" not in result["file"]


async def test_temporary_output_is_marked_and_never_analysed(api: Api) -> None:
    execution = await api.tool("generate-image", prompt="A red bicycle", isOutputTemporary=True)
    file = execution["results"][0]["file"]
    assert file["scope"] == "TEMPORARY"
    api.clock.move(1000)
    info = await api.get(f"/v1/files/{file['fileId']}")
    assert info["fileAnalysisMetadata"]["analysisLoadingState"] == "UNATTEMPTED"
    assert (await api.post("/v1/files/search", query="bicycle"))["results"] == []


async def test_cancelling_an_execution(api: Api) -> None:
    for moved, status in ((5, "cancelled"), (10, "succeeded")):
        started = await api.post(IMAGES, prompt="x")
        path = f"/v1/tools/executions/{started['toolExecutionId']}"
        api.clock.move(moved)
        assert await api.post(f"{path}/cancel") == started
        assert await api.post(f"{path}/cancel") == started
        assert (await api.get(path))["status"] == status
    assert api.sandbox.billed == 2


async def test_a_get_signs_anew_within_an_hour_of_expiry_and_a_list_never(api: Api) -> None:
    execution = await api.tool("generate-image", prompt="x")
    path = f"/v1/tools/executions/{execution['toolExecutionId']}"

    async def expiries() -> tuple[int, int]:
        listed = (await api.get("/v1/tools/executions"))["toolExecutions"][0]["results"][0]
        return listed["downloadUrlExpiresAt"], (await api.get(path))["results"][0]["downloadUrlExpiresAt"]

    first = execution["results"][0]["downloadUrlExpiresAt"]
    # A fresh execution is signed when it ends.
    assert first == int(api.clock.now - 90 + WEEK)
    api.clock.move(WEEK - 3600 - 100)
    assert await expiries() == (first, first)
    api.clock.move(101)
    listed, got = await expiries()
    assert (listed, got) == (first, int(api.clock.now + WEEK))
    assert await expiries() == (got, got)
    api.clock.move(WEEK + 1)
    listed, _ = await expiries()
    assert listed < api.clock.now


async def test_urls_that_come_late_are_null_until_then(api: Api) -> None:
    api.sandbox.script_job(JobScript(null_url_seconds=30))
    path = "/v1/tools/executions/" + (await api.post(IMAGES, prompt="x"))["toolExecutionId"]
    api.clock.move(20)
    shown = await api.get(path)
    assert shown["status"] == "succeeded"
    assert shown["results"][0]["downloadUrl"] is None
    assert shown["results"][0]["file"]["downloadSource"]["status"] == "pending"
    api.clock.move(20)
    assert (await api.get(path))["results"][0]["downloadUrl"]


async def test_a_run_without_auto_export_succeeds_when_built_and_its_actions_follow(api: Api) -> None:
    run = await api.post(SCRIPTS, **SCRIPT, remixActions=[ZOOM, {"type": "ENABLE_CAPTIONS"}])
    path, project = f"/v1/workflows/runs/{run['workflowRunId']}", f"/v1/projects/{run['projectId']}"

    async def state() -> tuple[str, str, list[str]]:
        actions = (await api.get(f"{project}/remix-actions"))["remixActions"]
        assert [action["remixActionId"] for action in actions] == run["remixActionIds"][::-1]
        statuses = [action["status"] for action in actions[::-1]]
        return (await api.get(path))["status"], (await api.get(project))["status"], statuses

    assert await state() == ("pending", "generating", ["pending", "pending"])
    api.clock.move(10)
    assert await state() == ("succeeded", "ready", ["pending", "pending"])
    shown = await api.get(path)
    assert all(shown[name] is None for name in (*URL_FIELDS, "exportFileId"))
    api.clock.move(5)
    assert await state() == ("succeeded", "ready", ["running", "pending"])
    api.clock.move(15)
    assert await state() == ("succeeded", "ready", ["succeeded", "succeeded"])


async def test_a_run_with_auto_export_runs_through_actions_and_export(api: Api) -> None:
    run = await api.post(SCRIPTS, **SCRIPT, remixActions=[ZOOM], autoExport=True)
    path = f"/v1/workflows/runs/{run['workflowRunId']}"
    progress: list[float] = []
    for _ in range(29):
        api.clock.move(1)
        shown = await api.get(path)
        assert shown["status"] == "running"
        assert all(shown[name] is None for name in (*URL_FIELDS, "exportFileId"))
        progress.append(shown["progressPercentage"])
    assert progress == sorted(progress)
    assert progress[-1] < 100
    api.clock.move(1)
    shown = await api.get(path)
    assert (shown["status"], shown["progressPercentage"]) == ("succeeded", 100)
    assert all(shown[name] is not None for name in (*URL_FIELDS, "exportFileId"))
    film = await api.fetch(shown["downloadUrl"])
    assert film.headers["content-type"] == "video/mp4"
    export = await api.get(f"/v1/projects/{run['projectId']}/exports/{shown['exportId']}")
    assert export["file"]["scope"] == "EXPORT"
    assert export["exportFileId"] == shown["exportFileId"]


async def test_the_export_of_a_run_is_there_once_it_began(api: Api) -> None:
    run = await api.post(SCRIPTS, **SCRIPT, autoExport=True)
    path = f"/v1/projects/{run['projectId']}/exports"
    assert (await api.get(path))["exports"] == []
    api.clock.move(15)
    [export] = (await api.get(path))["exports"]
    assert export["status"] == "running"


@pytest.mark.parametrize("auto", [False, True])
async def test_a_failed_run_leaves_an_empty_project_behind(api: Api, auto: bool) -> None:
    api.sandbox.script_job(JobScript("failed", error={"message": "no stock footage"}))
    run = await api.post(SCRIPTS, **SCRIPT, remixActions=[ZOOM], autoExport=auto)
    api.clock.move(100)
    shown = await api.get(f"/v1/workflows/runs/{run['workflowRunId']}")
    assert (shown["status"], shown["error"]["message"]) == ("failed", "no stock footage")
    project = f"/v1/projects/{run['projectId']}"
    assert (await api.get(project))["status"] == "ready"
    assert (await api.get(f"{project}/exports"))["exports"] == []
    [action] = (await api.get(f"{project}/remix-actions"))["remixActions"]
    assert action["status"] == "cancelled"


async def test_cancelling_a_run_cancels_what_it_would_still_do(api: Api) -> None:
    run = await api.post(SCRIPTS, **SCRIPT, remixActions=[ZOOM, ZOOM], autoExport=True)
    path = f"/v1/workflows/runs/{run['workflowRunId']}"
    api.clock.move(25)
    assert await api.post(f"{path}/cancel") == run
    assert (await api.get(path))["status"] == "cancelled"
    actions = (await api.get(f"/v1/projects/{run['projectId']}/remix-actions"))["remixActions"]
    assert [action["status"] for action in actions] == ["cancelled", "succeeded"]
    api.clock.move(100)
    assert (await api.get(path))["exportId"] is None


async def test_cancelling_a_built_run_leaves_its_actions_alone(api: Api) -> None:
    run = await api.post(SCRIPTS, **SCRIPT, remixActions=[ZOOM])
    path = f"/v1/workflows/runs/{run['workflowRunId']}"
    api.clock.move(15)
    await api.post(f"{path}/cancel")
    api.clock.move(10)
    assert (await api.get(path))["status"] == "succeeded"
    [action] = (await api.get(f"/v1/projects/{run['projectId']}/remix-actions"))["remixActions"]
    assert action["status"] == "succeeded"


async def test_a_script_applies_to_the_run_then_to_its_actions(api: Api) -> None:
    api.sandbox.script_job(JobScript(), JobScript(), JobScript("failed"))
    run = await api.post(SCRIPTS, **SCRIPT, remixActions=[ZOOM, ZOOM, ZOOM])
    api.clock.move(100)
    actions = (await api.get(f"/v1/projects/{run['projectId']}/remix-actions"))["remixActions"]
    assert [action["status"] for action in actions[::-1]] == ["succeeded", "failed", "succeeded"]


async def test_an_unknown_and_an_awaiting_status_are_shown_as_they_are(api: Api) -> None:
    api.sandbox.script_job(JobScript("awaiting_approval", seconds=1), JobScript("resting", seconds=1))
    run = await api.post(SCRIPTS, **SCRIPT, autoExport=True)
    tool = await api.post(IMAGES, prompt="x")
    api.clock.move(1000)
    assert (await api.get(f"/v1/workflows/runs/{run['workflowRunId']}"))["status"] == "awaiting_approval"
    assert (await api.get(f"/v1/tools/executions/{tool['toolExecutionId']}"))["status"] == "resting"
    assert (await api.get(f"/v1/projects/{run['projectId']}"))["status"] == "generating"


async def test_a_remix_returns_one_id_an_action_and_the_list_keeps_the_history(api: Api) -> None:
    run = await api.post(SCRIPTS, **SCRIPT, remixActions=[ZOOM])
    api.clock.move(100)
    project = f"/v1/projects/{run['projectId']}"
    square = {"type": "RESIZE_PROJECT", "aspectRatio": {"width": 1, "height": 1}}
    remix = await api.post(f"{project}/remix", remixActions=[ZOOM, square])
    ids = [*run["remixActionIds"], *remix["remixActionIds"]]
    assert (await api.get(project))["aspectRatio"] == {"width": 16, "height": 9}
    api.clock.move(15)
    listed = (await api.get(f"{project}/remix-actions"))["remixActions"]
    assert [item["remixActionId"] for item in listed] == ids[::-1]
    assert [item["status"] for item in listed] == ["running", "succeeded", "succeeded"]
    api.clock.move(5)
    assert (await api.get(project))["aspectRatio"] == {"width": 1, "height": 1}


async def test_a_remix_may_work_on_a_copy(api: Api) -> None:
    run = await api.post(SCRIPTS, **SCRIPT)
    remix = await api.post(f"/v1/projects/{run['projectId']}/remix", remixActions=[ZOOM], saveAsNewProject=True)
    assert remix["projectId"] != run["projectId"]
    assert (await api.get(f"/v1/projects/{run['projectId']}/remix-actions"))["remixActions"] == []
    api.clock.move(15)
    [action] = (await api.get(f"/v1/projects/{remix['projectId']}/remix-actions"))["remixActions"]
    # It began when what was copied had been built.
    assert action["status"] == "running"


async def test_an_export_over_time(api: Api) -> None:
    run = await api.post(SCRIPTS, **SCRIPT)
    api.clock.move(10)
    project = f"/v1/projects/{run['projectId']}"
    path = f"{project}/exports/" + (await api.post(f"{project}/export"))["exportId"]
    api.clock.move(5)
    shown = await api.get(path)
    assert (shown["status"], shown["file"], shown["exportFileId"]) == ("running", None, None)
    api.clock.move(5)
    shown = await api.get(path)
    assert shown["downloadUrl"] == shown["file"]["downloadUrl"]
    api.clock.move(WEEK)
    [listed] = (await api.get(f"{project}/exports"))["exports"]
    # This list, unlike the others, signs anew.
    assert listed["downloadUrlExpiresAt"] == int(api.clock.now + WEEK)
    other = await api.post(SCRIPTS, **SCRIPT)
    wrong = path.replace(run["projectId"], other["projectId"])
    assert (await api.request("GET", wrong)).status_code == 404


@pytest.mark.parametrize(
    ("format_", "name", "start"),
    [
        ("FCPXML", "timeline.fcpxml", b"<?xml"),
        ("PREMIERE_XML", "timeline.xml", b"<?xml"),
        ("OTIO", "timeline.otio", b"{"),
        ("SRT", "timeline.srt", b"1\n00:00:00"),
    ],
)
@pytest.mark.parametrize("delivery", ["REMOTE_URLS", "BUNDLE"])
async def test_interchange_gives_a_document_or_a_bundle(
    api: Api, format_: str, name: str, start: bytes, delivery: str
) -> None:
    run = await api.post(SCRIPTS, **SCRIPT)
    body = {"format": format_, "mediaDelivery": delivery}
    made = await api.post(f"/v1/projects/{run['projectId']}/timeline-interchange", **body)
    api.clock.move(100)
    shown = await api.get(f"/v1/timeline-interchange/{made['interchangeJobId']}")
    assert shown["file"]["displayName"] == (name if delivery == "REMOTE_URLS" else "timeline.zip")
    assert shown["file"]["type"] == "TEXT"
    data = (await api.fetch(shown["downloadUrl"])).content
    assert data.startswith(start if delivery == "REMOTE_URLS" else b"PK")


async def test_projects_come_newest_updated_first(api: Api) -> None:
    first = await api.post(SCRIPTS, **SCRIPT)
    api.clock.move(100)
    second = await api.post(SCRIPTS, **SCRIPT)
    api.clock.move(100)

    async def order() -> list[str]:
        return [project["projectId"] for project in (await api.get("/v1/projects"))["projects"]]

    assert await order() == [second["projectId"], first["projectId"]]
    await api.post(f"/v1/projects/{first['projectId']}/export")
    assert await order() == [first["projectId"], second["projectId"]]


async def test_a_chat_suggests_work_that_can_be_approved(api: Api) -> None:
    chat = await api.post("/v1/assistants", message="Draft a script")
    reply = await api.get(f"/v1/assistant-messages/{chat['messageId']}")
    assert (reply["status"], reply["content"], reply["generation"]) == ("pending", None, None)
    assert reply["workflowSuggestions"] == []
    api.clock.move(10)
    reply = await api.get(f"/v1/assistant-messages/{chat['messageId']}")
    assert reply["content"]
    suggestion = reply["workflowSuggestions"][0]["actionId"]
    actions = f"/v1/assistants/{chat['assistantId']}/actions"
    approval = await api.post(f"{actions}/{suggestion}", decision="APPROVE")
    assert (await api.refused(f"{actions}/{suggestion}"))[0] == 409
    api.clock.move(10)
    run = (await api.get(f"/v1/assistant-messages/{approval['messageId']}"))["generation"]
    assert run["projectId"] == chat["projectId"]
    api.clock.move(10)
    assert (await api.get(f"/v1/workflows/runs/{run['workflowRunId']}"))["status"] == "succeeded"


async def test_a_chat_may_generate_by_itself(api: Api) -> None:
    chat = await api.post("/v1/assistants", message="A video about tea", autoGenerate=True)
    assert (await api.get("/v1/workflows/runs"))["workflowRuns"] == []
    api.clock.move(10)
    reply = await api.get(f"/v1/assistant-messages/{chat['messageId']}")
    [run] = (await api.get("/v1/workflows/runs"))["workflowRuns"]
    assert reply["generation"]["workflowRunId"] == run["workflowRunId"]
    assert run["projectId"] == chat["projectId"]
    assert reply["workflowSuggestions"] == []


async def test_a_failed_reply_starts_nothing(api: Api) -> None:
    api.sandbox.script_job(JobScript("failed"))
    chat = await api.post("/v1/assistants", message="A video about tea", autoGenerate=True)
    api.clock.move(100)
    reply = await api.get(f"/v1/assistant-messages/{chat['messageId']}")
    assert (reply["status"], reply["generation"], reply["content"]) == ("failed", None, "")
    assert (await api.get("/v1/workflows/runs"))["workflowRuns"] == []
    [run_id] = api.sandbox.state.runs
    assert (await api.request("GET", f"/v1/workflows/runs/{run_id}")).status_code == 404


async def test_actions_may_be_rejected_and_some_need_the_app(api: Api) -> None:
    chat = await api.post("/v1/assistants", message="Draft a script")
    path = f"/v1/assistants/{chat['assistantId']}"
    api.clock.move(10)
    reply = (await api.get(path))["messages"][-1]
    edit, app = reply["actions"]
    rejected = await api.post(f"{path}/actions/{edit['actionId']}", decision="REJECT")
    assert (await api.refused(f"{path}/actions/{app['actionId']}"))[:2] == (400, "invalid_request")
    assert (await api.refused(f"{path}/actions/unknown"))[0] == 404
    api.clock.move(10)
    assert (await api.get(f"/v1/assistant-messages/{rejected['messageId']}"))["generation"] is None
    user = (await api.get(path))["messages"][0]
    assert user["role"] == "user"
    assert await api.get(f"/v1/assistant-messages/{user['messageId']}") == user


async def test_entities_built_in_first_and_read_only(api: Api) -> None:
    mine = await api.post("/v1/entities", entityType="PRODUCT", name="Mug")
    listed = (await api.get("/v1/entities"))["entities"]
    assert [item["isBuiltIn"] for item in listed] == sorted((item["isBuiltIn"] for item in listed), reverse=True)
    assert listed[-1] == mine
    theirs = f"/v1/entities/{listed[0]['entityId']}"
    image = (await api.tool("generate-image", prompt="x"))["results"][0]["fileId"]
    calls: list[tuple[str, dict[str, Any]]] = [
        ("update", {"name": "x"}),
        ("archive", {}),
        ("references", {"fileId": image}),
        ("references/remove", {"fileId": image}),
    ]
    for call, body in calls:
        assert (await api.refused(f"{theirs}/{call}", **body))[:2] == (403, "not_authorized")


async def test_an_entity_of_ones_own(api: Api) -> None:
    made = await api.post("/v1/entities", entityType="ACTOR", name="Alex")
    path = f"/v1/entities/{made['entityId']}"
    assert made["actorConfig"] == {"voiceDisplayName": None, "hasVoice": False, "hasAvatarPresenter": False}
    assert (await api.refused(f"{path}/update"))[0] == 400
    assert (await api.post(f"{path}/update", name=None, description="Tall"))["name"] == "Alex"
    images = [result["fileId"] for result in (await api.tool("generate-image", prompt="x", numResults=2))["results"]]
    for image in images:
        await api.post(f"{path}/references", fileId=image, isDefault=True)
    references = (await api.get(path))["references"]
    assert [item["isDefault"] for item in references] == [False, True]
    assert (await api.refused(f"{path}/references", fileId=images[0]))[0] == 409
    left = await api.post(f"{path}/references/remove", fileId=images[0])
    assert [item["fileId"] for item in left["references"]] == images[1:]
    assert (await api.refused(f"{path}/references/remove", fileId=images[0]))[0] == 404
    assert await api.post(f"{path}/archive") == {"entityId": made["entityId"], "archived": True}
    listed = (await api.get("/v1/entities", entityType="ACTOR"))["entities"]
    assert made["entityId"] not in [item["entityId"] for item in listed]


async def test_webhook_secrets_are_shown_once(api: Api) -> None:
    made = await api.post("/v1/webhooks/endpoints", url="http://localhost:1/hook", events=["file.upload.failed"])
    assert made["signingSecret"].startswith("whsec_")
    assert made["signingSecret"].endswith(made["signingSecretLast4"])
    [listed] = (await api.get("/v1/webhooks/endpoints"))["endpoints"]
    assert listed == {name: value for name, value in made.items() if name != "signingSecret"}
    path = f"/v1/webhooks/endpoints/{made['endpointId']}"
    assert (await api.request("DELETE", path)).status_code == 204
    assert (await api.request("DELETE", path)).status_code == 404


async def test_catalogues(api: Api) -> None:
    voices = (await api.get("/v1/resources/tts-voices"))["ttsVoices"]
    everyone = (await api.get("/v1/resources/tts-voices", includeDeprecatedVoices=True))["ttsVoices"]
    assert len(everyone) == len(voices) + 1
    assert not all(voice["supportsDirectToolExecution"] for voice in voices)
    [found] = (await api.get("/v1/resources/tts-voices", query="OLIVER"))["ttsVoices"]
    assert found["displayName"] == "Oliver"
    languages = (await api.get("/v1/resources/languages", query="SPAN"))["languages"]
    assert languages == [{"languageCode": "es", "name": "Spanish"}]
    presenters = await api.get("/v1/resources/avatar-presenters", voiceId=found["voiceId"])
    first = presenters["avatarPresenters"][0]
    assert first["displayableGender"] == "MALE"
    assert (await api.fetch(first["imageUrl"])).headers["content-type"] == "image/png"
    assert (await api.fetch(first["previewVideoUrl"])).headers["content-type"] == "video/mp4"


async def test_text_depends_on_the_prompt_only(api: Api) -> None:
    one, again = [await api.post("/v1/text/generate", prompt="Tea") for _ in range(2)]
    other = await api.post("/v1/text/generate", prompt="Tea", system="Shout")
    short = await api.post("/v1/text/generate", prompt="Tea", maxOutputTokens=3)
    assert one == again != other
    assert len(short["text"].split()) == 3
    assert api.sandbox.billed == 4


async def test_seconds_may_differ_by_type(clock: Clock) -> None:
    sandbox = Sandbox(job_seconds={"GENERATE_IMAGE": 1, "default": 50}, clock=clock)
    client = Api(sandbox, clock)
    async with client.http:
        image = await client.post(IMAGES, prompt="x")
        music = await client.post("/v1/tools/generate-music", prompt="x")
        clock.move(2)
        paths = [f"/v1/tools/executions/{item['toolExecutionId']}" for item in (image, music)]
        assert [(await client.get(path))["status"] for path in paths] == ["succeeded", "pending"]


async def test_the_same_seed_gives_the_same_ids(clock: Clock) -> None:
    make: Callable[[int | None], Sandbox] = lambda seed: Sandbox(clock=clock, seed=seed)  # noqa: E731
    ids: list[str] = []
    for seed in (7, 7, 8, None, None):
        client = Api(make(seed), clock)
        async with client.http:
            ids.append((await client.post(IMAGES, prompt="x"))["toolExecutionId"])
    assert ids[0] == ids[1]
    assert len(set(ids)) == 4
