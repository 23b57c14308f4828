"""The API's `AssistantMessageStatus`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

AssistantMessageStatus: TypeAlias = Literal["pending", "running", "succeeded", "failed", "cancelled"] | str
"""State of a message, with the same values as `JobStatus`; succeeded, failed and cancelled are final. A user's
message is final at once; an unknown value counts as still running.

Other values than the known ones may come, and are kept as they are.
"""
