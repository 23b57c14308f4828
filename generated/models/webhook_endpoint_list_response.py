"""The API's `WebhookEndpointListResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import WebhookEndpoint


@model
class WebhookEndpointListResponse(Model):
    """A page of the registered webhook endpoints, without their signing secrets."""

    endpoints: list[WebhookEndpoint]
    has_more: bool
    """Whether another page follows."""
    next_cursor: str | None
    """Cursor of the next page; null exactly when has_more is false."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("endpoints", "endpoints", list_of(ref("WebhookEndpoint")), required=True),
        Field("hasMore", "has_more", BOOLEAN, required=True),
        Field("nextCursor", "next_cursor", TEXT, required=True, nullable=True),
    )
