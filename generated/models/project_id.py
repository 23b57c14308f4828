"""The API's `ProjectId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import ProjectId as ProjectId
