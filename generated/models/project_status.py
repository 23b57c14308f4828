"""The API's `ProjectStatus`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

ProjectStatus: TypeAlias = Literal["generating", "ready"] | str
"""Whether a project is still being built or can be worked on. It is not a `JobStatus`.

Other values than the known ones may come, and are kept as they are.
"""
