"""The rules a JSON schema can't say: ids that must exist, plans, and conditions between fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from . import _catalogue
from ._http import Json, forbidden, invalid, not_found
from ._hydrate import exists, type_of
from ._spec import check_id
from ._state import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ._calls import Call
    from ._records import Entity

_IMAGE, _VIDEO, _AUDIO = frozenset({"IMAGE"}), frozenset({"VIDEO"}), frozenset({"AUDIO"})
_VISUAL_ENTITY = frozenset({"ACTOR", "PRODUCT", "VISUAL_STYLE"})

# Field -> the file types it takes.
FILE_FIELDS = {
    "imageFileId": _IMAGE,
    "imageFileIds": _IMAGE,
    "startFrameFileId": _IMAGE,
    "logoFileId": _IMAGE,
    "videoFileId": _VIDEO,
    "videoFileIds": _VIDEO,
    "audioFileId": _AUDIO,
    "audioFileIds": _AUDIO,
    "fileIds": _IMAGE | _VIDEO | _AUDIO,
    "featuredBRollFileIds": _IMAGE | _VIDEO,
}
# `fileId` means another thing to each of its owners: an operation, or a remix action's type.
FILE_ID_OWNERS = {
    "voiceoverToVideo": _AUDIO,
    "slideshowToVideo": frozenset({"PDF", "SLIDESHOW"}),
    "addEntityReference": _IMAGE,
    "SET_BACKGROUND_MUSIC": _AUDIO,
    "SET_LOGO": _IMAGE,
}
ENTITY_FIELDS = {
    "actorEntityId": frozenset({"ACTOR"}),
    "slideshowThemeEntityId": frozenset({"SLIDESHOW_THEME"}),
    "entityId": frozenset({"VISUAL_STYLE"}),
    "entityIds": _VISUAL_ENTITY,
}
CLIP_SOURCES = (
    "prompt",
    "startFrameFileId",
    "imageFileIds",
    "videoFileIds",
    "audioFileIds",
    "spokenDialogue",
)
DELIVERY_FIELDS = {"SLACK_CHANNEL": "slackChannelId", "GOOGLE_DRIVE_FOLDER": "googleDriveFolderId"}


def check(call: Call) -> None:
    """Hold a valid body against the documented rules.

    Raises ApiFault: 400 for a broken rule, 404 for an unknown id, 403 for what the plan lacks.
    """
    _check_node(call, call.body, call.operation.id)
    rule = RULES.get(call.operation.id)
    if rule:
        rule(call)


def _check_node(call: Call, node: object, owner: str) -> None:
    if isinstance(node, list):
        for item in cast("list[object]", node):
            _check_node(call, item, owner)
    elif isinstance(node, dict):
        fields = cast("Json", node)
        owner = str(fields["type"]) if fields.get("type") in FILE_ID_OWNERS else owner
        for name, value in fields.items():
            _check_field(call, name, value, owner)
            _check_node(call, value, owner)


def _check_field(call: Call, name: str, value: Any, owner: str) -> None:
    types = FILE_ID_OWNERS.get(owner) if name == "fileId" else FILE_FIELDS.get(name)
    if types is not None:
        for file_id in _each(value):
            _check_file(call, name, file_id, types)
    elif name in ENTITY_FIELDS:
        for entity_id in _each(value):
            _check_entity(call, name, entity_id)
    elif name in FIELD_RULES:
        FIELD_RULES[name](call, value)


def _each(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        yield from cast("list[str]", value)
    elif value is not None:
        yield value


def _check_file(call: Call, name: str, file_id: str, types: frozenset[str]) -> None:
    check_id(file_id, ["vg_file_"], name)
    file = call.state.files.get(file_id)
    if file is None or not exists(file, call.now):
        raise not_found(f"File {file_id}")
    if file.job is None and file.uploaded is None:
        raise invalid(f"{name}: file {file_id} has not been uploaded yet.")
    type_ = type_of(call.state, file, call.now) or file.guess
    if file.failed or type_ not in types:
        wanted = " or ".join(sorted(types))
        raise invalid(f"{name}: file {file_id} must be of type {wanted}.")


def _check_entity(call: Call, name: str, entity_id: str) -> None:
    check_id(entity_id, ["vg_enti_"], name)
    entity = find_entity(call, entity_id)
    if entity.type not in ENTITY_FIELDS[name]:
        wanted = " or ".join(sorted(ENTITY_FIELDS[name]))
        raise invalid(f"{name}: entity {entity_id} must be of type {wanted}.")


def find_entity(call: Call, entity_id: str) -> Entity:
    """Return an entity that is not archived."""
    entity = find(call.state.entities, entity_id, f"Entity {entity_id}")
    return find({}, entity_id, f"Entity {entity_id}") if entity.archived else entity


def _need_pro(call: Call, message: str) -> None:
    if call.state.account.plan == "free":
        raise forbidden(message, "upgrade_plan")


def _check_mode(call: Call, value: Any) -> None:
    if value != "NONE":
        return
    _need_pro(call, "A Pro plan is required to remove the watermark or the end screen.")
    # What an older form of the API asked for; the key of the detail is not documented.
    if call.state.account.plan == "no_add_on":
        message = "The Production API add-on is required to remove the watermark or the end screen."
        raise forbidden(message, "purchase_add_on", {"addOnId": "production_api"})


def _check_clips(call: Call, value: Any) -> None:
    # motionGraphic.subToolModes only: elsewhere the name does not occur.
    if value == "ENABLED":
        _need_pro(call, "A paid plan is required to generate video clips.")


def _check_voice(_: Call, value: Any) -> None:
    if value is None:
        return
    if value.startswith("vg_"):
        check_id(value, ["vg_voic_"], "voiceId")
    if _catalogue.find_voice(value) is None:
        raise not_found(f"Voice {value[:80]!r}")


def _check_ranges(_: Call, value: Any) -> None:
    # Scenes and transcript words: sorted, not overlapping, each with a length.
    ranges: list[Json] = value or []
    end = 0.0
    for item in ranges:
        if item["endSeconds"] <= item["startSeconds"]:
            raise invalid("endSeconds must be greater than startSeconds.")
        if item["startSeconds"] < end:
            raise invalid("Ranges must be sorted by startSeconds and must not overlap.")
        end = item["endSeconds"]


def _check_transcript(call: Call, value: Any) -> None:
    if value is not None and not value["words"]:
        raise invalid("transcript.words must hold at least one word.")
    _check_ranges(call, value["words"] if value else None)


def _check_style(_: Call, value: Any) -> None:
    if value["type"] == "AI_IMAGE" and not (value.get("aiStyle") or value.get("entityId")):
        raise invalid("visualStyle: AI_IMAGE needs aiStyle or entityId.")


def _check_destinations(_: Call, value: Any) -> None:
    for item in cast("list[Json]", value or []):
        field = DELIVERY_FIELDS[item["type"]]
        if not item.get(field):
            raise invalid(f"deliveryDestinations: {item['type']} needs {field}.")


def _check_actions(call: Call, value: Any) -> None:
    for item in cast("list[Json]", value or []):
        if item["type"] != "TRANSLATE_PROJECT":
            continue
        _need_pro(call, "A Pro plan is required to translate a project.")
        if item["languageCode"].partition("-")[0] not in _catalogue.LANGUAGES:
            raise invalid("languageCode must be one of the listed languages.")


FIELD_RULES: dict[str, Callable[[Call, Any], None]] = {
    "watermarkMode": _check_mode,
    "endScreenMode": _check_mode,
    "generateVideoClips": _check_clips,
    "voiceId": _check_voice,
    "scenes": _check_ranges,
    "transcript": _check_transcript,
    "visualStyle": _check_style,
    "deliveryDestinations": _check_destinations,
    "remixActions": _check_actions,
}


def _clip(call: Call) -> None:
    if not any(call.body.get(name) for name in CLIP_SOURCES):
        raise invalid(f"At least one of {', '.join(CLIP_SOURCES)} is needed.")


def _speech(call: Call) -> None:
    voice = _catalogue.find_voice(call.body["voiceId"])
    if voice and not voice.direct:
        raise invalid("This voice works in workflows only: supportsDirectToolExecution is false.")


def _avatar(call: Call) -> None:
    actor = find_entity(call, call.body["actorEntityId"])
    if not actor.built_in and not actor.references:
        raise invalid("actorEntityId: the actor needs an image reference.")


def _update(call: Call) -> None:
    if not call.body.keys() & {"name", "description"}:
        raise invalid("At least one of name and description is needed.")


def _remix(call: Call) -> None:
    if not call.body["remixActions"]:
        raise invalid("remixActions must hold at least one action.")


def _video_source(call: Call) -> None:
    url = call.body.get("videoUrl")
    if not call.body.get("videoFileId") and not url:
        raise invalid("One of videoFileId and videoUrl is needed.")
    if url and not is_web_url(url):
        raise invalid("videoUrl must be an http or https URL.")


def _endpoint(call: Call) -> None:
    url = urlsplit(str(call.body["url"]))
    local = url.hostname in ("localhost", "127.0.0.1", "::1")
    if not url.hostname or not (url.scheme == "https" or (url.scheme == "http" and local)):
        raise invalid("url must be an https URL; http is allowed to this machine only.")
    if not call.body["events"]:
        raise invalid("events must hold at least one event.")


def is_web_url(text: object) -> bool:
    """Say whether a value is an http(s) URL with a host."""
    if not isinstance(text, str):
        return False
    try:
        url = urlsplit(text)
        return url.scheme in ("http", "https") and bool(url.hostname)
    except ValueError:
        return False


RULES: dict[str, Callable[[Call], None]] = {
    "generateVideoClip": _clip,
    "textToSpeech": _speech,
    "generateAvatar": _avatar,
    "updateEntity": _update,
    "remixProject": _remix,
    "videoToVideo": _video_source,
    "createWebhookEndpoint": _endpoint,
}
