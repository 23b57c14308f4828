"""`POST /v1/webhooks/endpoints`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "createWebhookEndpoint",
    "POST",
    "/v1/webhooks/endpoints",
    "once",
    rate=("webhooks.create", 10),
    body="CreateWebhookEndpointRequest",
    body_required=True,
    result=ref("WebhookEndpoint"),
)
