"""The API's `SendAssistantMessageRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import TEXT
from ..._model import Field, Model, model


@model
class SendAssistantMessageRequest(Model):
    """A further message in a conversation with the assistant."""

    message: str
    """The message to send."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (Field("message", "message", TEXT, required=True),)
