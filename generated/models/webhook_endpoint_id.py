"""The API's `WebhookEndpointId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import WebhookEndpointId as WebhookEndpointId
