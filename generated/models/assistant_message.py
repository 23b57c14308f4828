"""The API's `AssistantMessage`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ..._model import Union, UnknownVariant, model

if TYPE_CHECKING:
    from . import AssistantInputMessage, AssistantOutputMessage


@model
class UnknownAssistantMessage(UnknownVariant):
    """A variant of `AssistantMessage` that this version doesn't know, whole in `additional_properties`."""


if TYPE_CHECKING:
    AssistantMessage: TypeAlias = AssistantOutputMessage | AssistantInputMessage | UnknownAssistantMessage
    """A message of a conversation, from the user or from the assistant as its `role` says."""
else:
    AssistantMessage = Union(
        "role", {"assistant": "AssistantOutputMessage", "user": "AssistantInputMessage"}, UnknownAssistantMessage
    )
