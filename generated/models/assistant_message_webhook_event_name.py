"""The API's `AssistantMessageWebhookEventName`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

AssistantMessageWebhookEventName: TypeAlias = (
    Literal["assistant_message.succeeded", "assistant_message.failed", "assistant_message.cancelled"] | str
)
"""How an assistant's reply ended.

Other values than the known ones may come, and are kept as they are.
"""
