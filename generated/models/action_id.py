"""The API's `ActionId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import ActionId as ActionId
