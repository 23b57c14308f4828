"""The API's `GenerateImageRequest`, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, INTEGER, TEXT, id_of, list_of, ref
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import AspectRatio, ContentPolicyConfig, EntityId, FileId, ModelQuality, WatermarkMode


@model
class GenerateImageRequest(Model):
    """An image to generate from a prompt, with reference images and entities if wished."""

    prompt: str
    """What the image should show."""
    image_file_ids: Sequence[FileId] | Unset = UNSET
    """Image files, at most 4, shown to the model as references."""
    entity_ids: Sequence[EntityId] | Unset = UNSET
    """Actor, product or visual style entities to use. An unknown id gives a not-found error, one you may not use a
    permission error."""
    aspect_ratio: AspectRatio | Unset = UNSET
    """Shape of the image; 16 to 9 when omitted."""
    quality: ModelQuality | Unset = UNSET
    """Model tier; the account's default for images when omitted."""
    content_policy_config: ContentPolicyConfig | Unset = UNSET
    """What to do if moderation rejects the prompt; when omitted, the job fails."""
    watermark_mode: WatermarkMode | Unset = UNSET
    """Whether to mark the image; AUTO when omitted, and NONE needs the Pro plan."""
    num_results: int | Unset = UNSET
    """How many images to make; each becomes an entry of the execution's `results`."""
    is_output_temporary: bool | Unset = UNSET
    """True keeps the output at least 24 hours, not for good; it is never analysed or searchable."""
    hide_from_ui: bool | Unset = UNSET
    """True asks that the output stay out of the web app; sources disagree on whether it still works."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("prompt", "prompt", TEXT, required=True),
        Field("imageFileIds", "image_file_ids", list_of(id_of("FileId"))),
        Field("entityIds", "entity_ids", list_of(id_of("EntityId"))),
        Field("aspectRatio", "aspect_ratio", ref("AspectRatio")),
        Field("quality", "quality", TEXT),
        Field("contentPolicyConfig", "content_policy_config", ref("ContentPolicyConfig")),
        Field("watermarkMode", "watermark_mode", TEXT),
        Field("numResults", "num_results", INTEGER),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
    )
