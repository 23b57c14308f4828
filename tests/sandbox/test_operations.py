"""A walk through all operations; each answers as documented with a body of its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .answers import DOCUMENT, OPERATIONS, operation_at, problems

if TYPE_CHECKING:
    import httpx

    from .conftest import Api

pytestmark = pytest.mark.anyio

STOCK = {"type": "STOCK"}
ZOOM = {"type": "ADD_ZOOM"}


class Walk:
    """Calls operations by name, and remembers which ones succeeded."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.done: set[str] = set()

    async def __call__(self, name: str, /, *ids: str, params: Any = None, **body: Any) -> Any:
        method, path, _ = OPERATIONS[name]
        parts = iter(ids)
        path = "/".join(next(parts) if part.startswith("{") else part for part in path.split("/"))
        options: Any = {"params": params} if method in ("GET", "DELETE") else {"json": body}
        response: httpx.Response = await self.api.request(method, path, **options)
        assert response.is_success, (name, response.text)
        assert operation_at(method, path) == name
        self.done.add(name)
        return response.json() if response.content else None


async def test_every_operation_answers_as_documented(api: Api) -> None:
    walk = Walk(api)
    files = await make_files(walk)
    await use_tools(walk, files)
    await use_workflows(walk, files)
    await use_assistants(walk)
    await use_entities(walk, files)
    await use_the_rest(walk)
    assert walk.done == set(OPERATIONS)
    assert len(walk.done) == 63


async def make_files(walk: Walk) -> dict[str, str]:
    image = await walk.api.tool("generate-image", prompt="A harbour at dawn")
    clip = await walk.api.tool("generate-video-clip", prompt="Waves")
    sound = await walk.api.tool("text-to-speech", ttsText="Hello", voiceId="Matilda")
    made = await walk("createFileUpload", displayName="deck.pdf", type="PDF")
    await walk.api.http.put(made["uploadUrl"], content=b"%PDF-1.7 slides")
    walk.api.clock.move(10)
    await walk("getFile", made["fileId"])
    await walk("hydrateFile", made["fileId"])
    found = await walk("searchFiles", query="harbour")
    assert found["results"][0]["file"]["displayName"] == "A harbour at dawn"
    await walk("enablePublicPreview", made["fileId"])
    await walk("disablePublicPreview", made["fileId"])
    listed = await walk("getFiles", params={"includeExportFiles": "true"})
    assert len(listed["files"]) == 4
    brought = await walk("createFileUrlImport", sourceUrl="https://127.0.0.1/cat.png")
    walk.api.clock.move(100)
    imported = await walk("getFileUrlImport", brought["fileImportId"])
    await walk("archiveFile", imported["fileId"])
    names = ("IMAGE", "VIDEO", "AUDIO")
    results = [job["results"][0]["fileId"] for job in (image, clip, sound)]
    return dict(zip(names, results, strict=True)) | {"PDF": made["fileId"]}


async def use_tools(walk: Walk, files: dict[str, str]) -> None:
    entities = await walk("listEntities", params={"entityType": "ACTOR"})
    actor = entities["entities"][0]["entityId"]
    image, video = {"imageFileId": files["IMAGE"]}, {"videoFileId": files["VIDEO"]}
    bodies: dict[str, Any] = {
        "generateImage": {"prompt": "Fog", "imageFileIds": [files["IMAGE"]], "numResults": 2},
        "generateVideoClip": {"spokenDialogue": "Good morning", "durationSeconds": None},
        "generateMotionGraphic": {"prompt": "A title", "fileIds": [files["AUDIO"]]},
        "textToSpeech": {"ttsText": "Good morning", "voiceId": "Oliver", "voiceSpeed": 1.5},
        "generateSoundEffect": {"prompt": "Rain", "durationSeconds": 4},
        "generateMusic": {"prompt": "Slow piano"},
        "generateAvatar": {"actorEntityId": actor, "audioFileId": files["AUDIO"]},
        "vectorizeImage": image,
        "removeImageBackground": image,
        "removeVideoBackground": video,
        "upscaleImage": image,
        "upscaleVideo": video,
        "image3dEffect": image,
    }
    execution: Any = None
    for name, body in bodies.items():
        started = await walk(name, **body)
        walk.api.clock.move(100)
        execution = await walk("getToolExecutionInfo", started["toolExecutionId"])
        assert len(execution["results"]) == body.get("numResults", 1)
        assert execution["toolType"] == OPERATIONS[name][1].rpartition("/")[2].upper().replace("-", "_")
    await walk("cancelToolExecution", execution["toolExecutionId"])
    await walk("listToolExecutions", params={"limit": 200, "selfOnly": "true"})


async def use_workflows(walk: Walk, files: dict[str, str]) -> None:
    runs = [
        await walk("scriptToVideo", script="Hello", visualStyle=STOCK, remixActions=[ZOOM], autoExport=True),
        await walk("voiceoverToVideo", fileId=files["AUDIO"], visualStyle=STOCK, captionStyle=None),
        await walk("slideshowToVideo", fileId=files["PDF"], slideScripts=[]),
        await walk("promptToVideoClip", prompt="A boat", durationSeconds=5),
        await walk("videoToVideo", prompt="Make it blue", videoFileId=files["VIDEO"]),
    ]
    for run in runs:
        await walk("getWorkflowRun", run["workflowRunId"])
    await walk("cancelWorkflowRun", runs[-1]["workflowRunId"])
    walk.api.clock.move(100)
    for run in runs:
        await walk("getWorkflowRun", run["workflowRunId"])
    await walk("listWorkflowRuns", params={"limit": 3})
    project = runs[0]["projectId"]
    await walk("getProject", project)
    await walk("listProjects", params={"includeUiProjects": "true"})
    export = await walk("exportProject", project, quality="HIGH")
    timeline = await walk("createTimelineInterchange", project, format="OTIO")
    await walk("remixProject", project, remixActions=[ZOOM], saveAsNewProject=True)
    await walk("getProjectExport", project, export["exportId"])
    await walk("getTimelineInterchange", timeline["interchangeJobId"])
    walk.api.clock.move(100)
    await walk("getProjectExport", project, export["exportId"])
    await walk("getTimelineInterchange", timeline["interchangeJobId"])
    await walk("listProjectExports", project)
    await walk("listProjectRemixActions", project)


async def use_assistants(walk: Walk) -> None:
    started = await walk("startAssistantChat", message="Draft something")
    chat = started["assistantId"]
    await walk("getAssistantMessage", started["messageId"])
    walk.api.clock.move(100)
    reply = await walk("getAssistantMessage", started["messageId"])
    await walk("sendAssistantMessage", chat, message="Shorter")
    await walk("actOnAssistantAction", chat, reply["workflowSuggestions"][0]["actionId"])
    walk.api.clock.move(100)
    shown = await walk("getAssistant", chat)
    assert [message["role"] for message in shown["messages"]] == ["user", "assistant", "user", *["assistant"] * 2]


async def use_entities(walk: Walk, files: dict[str, str]) -> None:
    entity = await walk("createEntity", entityType="ACTOR", name="Alex")
    await walk("getEntity", entity["entityId"])
    await walk("updateEntity", entity["entityId"], description="In casual clothes")
    await walk("addEntityReference", entity["entityId"], fileId=files["IMAGE"], isDefault=True)
    await walk("removeEntityReference", entity["entityId"], fileId=files["IMAGE"])
    await walk("archiveEntity", entity["entityId"])
    await walk("listEntities")


async def use_the_rest(walk: Walk) -> None:
    await walk("getMe")
    assert (await walk("generateText", prompt="A tagline"))["text"]
    await walk("listTtsVoices", params={"includeDeprecatedVoices": "true"})
    await walk("listLanguages", params={"query": "sp"})
    await walk("listAvatarPresenters")
    events = ["tool_execution.succeeded"]
    made = await walk("createWebhookEndpoint", url="https://127.0.0.1/hook", events=events)
    await walk("listWebhookEndpoints")
    await walk("deleteWebhookEndpoint", made["endpointId"])


def test_the_document_has_a_schema_for_every_success() -> None:
    for _, _, node in OPERATIONS.values():
        statuses = set(node["responses"]) - {"default"}
        assert len(statuses) == 1
    assert problems("ApiError", {}) == ["$: 'message' is a required property"]
    assert len(DOCUMENT["webhooks"]) == 18
