"""The API's `ApiKeyId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import ApiKeyId as ApiKeyId
