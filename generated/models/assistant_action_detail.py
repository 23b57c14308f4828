"""The API's `AssistantActionDetail`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import INTEGER, TEXT
from ..._model import Field, Model, model


@model
class AssistantActionDetail(Model):
    """Further information on an action; which fields are filled depends on its kind."""

    summary: str | None = None
    """What would be done; for APPROVE_PLAN and APPLY_EDIT."""
    credits_remaining: int | None = None
    """Credits the account has left, in whole credits."""
    estimated_credits: int | None = None
    """Credits the action is expected to cost, in whole credits."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("summary", "summary", TEXT, nullable=True),
        Field("creditsRemaining", "credits_remaining", INTEGER, nullable=True),
        Field("estimatedCredits", "estimated_credits", INTEGER, nullable=True),
    )
