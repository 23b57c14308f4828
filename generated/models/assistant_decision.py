"""The API's `AssistantDecision`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

AssistantDecision: TypeAlias = Literal["APPROVE", "REJECT"] | str
"""Answer to a proposal of the assistant; APPROVE is taken when none is given.

Other values than the known ones may come, and are kept as they are.
"""
