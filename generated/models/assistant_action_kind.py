"""The API's `AssistantActionKind`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

AssistantActionKind: TypeAlias = Literal["APPROVE_PLAN", "APPLY_EDIT", "RUN_TOOL", "GENERATE", "OPEN_IN_APP"] | str
"""What an assistant's action would do. Of these only APPLY_EDIT can be answered through the API, and only when
its `requires_app` is false.

Other values than the known ones may come, and are kept as they are.
"""
