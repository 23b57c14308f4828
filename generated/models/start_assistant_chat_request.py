"""The API's `StartAssistantChatRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import BOOLEAN, TEXT
from ..._model import UNSET, Field, Model, Unset, model


@model
class StartAssistantChatRequest(Model):
    """Opens a conversation with the assistant. Every such call makes a new project."""

    message: str
    """First message to the assistant."""
    auto_generate: bool | Unset = UNSET
    """True lets the assistant start a workflow run by itself; the reply's `generation` then names the run."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("message", "message", TEXT, required=True),
        Field("autoGenerate", "auto_generate", BOOLEAN),
    )
