"""The API's `PromptToVideoClipRequest`, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, INTEGER, TEXT, id_of, list_of, ref
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import AspectRatio, ExportProjectRequest, FileId, ModelQuality


@model
class PromptToVideoClipRequest(Model):
    """Make a project with one clip of up to 30 seconds from a prompt. It takes no remix_actions."""

    prompt: str
    """What the clip should show."""
    image_file_ids: Sequence[FileId] | Unset = UNSET
    """Up to four image files that guide the opening frame."""
    duration_seconds: int | Unset = UNSET
    """Length in whole seconds, 10 when omitted; null is not accepted. The server clamps it to what the quality tier
    allows."""
    aspect_ratio: AspectRatio | Unset = UNSET
    """Shape of the clip, as a ratio and not in pixels; 16:9 when omitted."""
    quality: ModelQuality | Unset = UNSET
    """Model tier for the clip and its opening frame; the account's default for video when omitted."""
    is_output_temporary: bool | Unset = UNSET
    """Keep output files at least 24 hours, perhaps no longer; they are never analysed or searched."""
    hide_from_ui: bool | Unset = UNSET
    """Hide the project in the VideoGen app. Sent as given, but don't rely on it: the official client calls the same
    option on uploads deprecated and ignored."""
    auto_export: bool | Unset = UNSET
    """Also export to MP4 after the build. The run then stays `running` until the export ends, and succeeds or fails
    with it."""
    export_options: ExportProjectRequest | Unset = UNSET
    """Options of that export; ignored unless auto_export is true."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("prompt", "prompt", TEXT, required=True),
        Field("imageFileIds", "image_file_ids", list_of(id_of("FileId"))),
        Field("durationSeconds", "duration_seconds", INTEGER),
        Field("aspectRatio", "aspect_ratio", ref("AspectRatio")),
        Field("quality", "quality", TEXT),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
        Field("autoExport", "auto_export", BOOLEAN),
        Field("exportOptions", "export_options", ref("ExportProjectRequest")),
    )
