"""The API's `ActOnAssistantActionRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import AssistantDecision


@model
class ActOnAssistantActionRequest(Model):
    """Answers a proposal of the assistant. Only workflow suggestions, and APPLY_EDIT actions whose `requires_app` is
    false, can be answered through the API."""

    decision: AssistantDecision | Unset = UNSET
    """Whether to go ahead; the server takes APPROVE when it is omitted."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (Field("decision", "decision", TEXT),)
