"""The API's `IntegrationConnectionId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import IntegrationConnectionId as IntegrationConnectionId
