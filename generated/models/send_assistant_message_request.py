"""The API's `SendAssistantMessageRequest`, generated from openapi.yaml."""

from __future__ import annotations

from ..._codecs import TEXT
from ..._model import Field, Model, model


@model
class SendAssistantMessageRequest(Model):
    """A further message in a conversation with the assistant."""

    message: str
    """The message to send."""
    __request__ = True
    __fields__ = (Field("message", "message", TEXT, required=True),)
