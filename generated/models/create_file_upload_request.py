"""The API's `CreateFileUploadRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, ref
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import FileType, Transcript


@model
class CreateFileUploadRequest(Model):
    """Opens an upload. The reply holds a link to which the bytes are then sent with PUT."""

    type: FileType | Unset = UNSET
    """Kind of file; worked out after the upload when omitted, but LOTTIE must be stated."""
    display_name: str
    """Name to show for the file."""
    is_temporary: bool | Unset = UNSET
    """True keeps the file at least 24 hours, after which it may be archived; it is not analysed and so never found
    by a search."""
    hide_from_ui: bool | Unset = UNSET
    """True asks that the file stay out of the web app. The newest official client calls the option ignored: it is
    sent as given, but do not rely on it."""
    transcript: Transcript | None | Unset = UNSET
    """Words and times already known, for audio and video only: transcription is then skipped. Ignored for other
    kinds of file."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT),
        Field("displayName", "display_name", TEXT, required=True),
        Field("isTemporary", "is_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
        Field("transcript", "transcript", ref("Transcript"), nullable=True),
    )
