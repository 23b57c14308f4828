"""The API's `EntityId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import EntityId as EntityId
