"""The API's `RemixActionId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import RemixActionId as RemixActionId
