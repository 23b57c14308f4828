"""The API's `AvatarPresenter`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, id_of
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import AvatarPresenterId, VoiceGender


@model
class AvatarPresenter(Model):
    """A person who can present on screen, from the API of May 2026. ACTOR entities have taken its place."""

    avatar_presenter_id: AvatarPresenterId
    """This presenter."""
    displayable_gender: VoiceGender
    image_url: str
    thumbnail_url: str
    preview_video_url: str
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("avatarPresenterId", "avatar_presenter_id", id_of("AvatarPresenterId"), required=True),
        Field("displayableGender", "displayable_gender", TEXT, required=True),
        Field("imageUrl", "image_url", TEXT, required=True),
        Field("thumbnailUrl", "thumbnail_url", TEXT, required=True),
        Field("previewVideoUrl", "preview_video_url", TEXT, required=True),
    )
