"""The API's `JobStatus`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

JobStatus: TypeAlias = Literal["pending", "running", "succeeded", "failed", "cancelled"] | str
"""State of any job; succeeded, failed and cancelled are final. The official client also knows awaiting_approval
on tool executions and workflow runs: no success, and nothing to wait for until a person acts. Any other
unlisted value counts as still running.

Other values than the known ones may come, and are kept as they are.
"""
