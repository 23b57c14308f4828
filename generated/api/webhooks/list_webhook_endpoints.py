"""`GET /v1/webhooks/endpoints`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import INTEGER, TEXT, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "listWebhookEndpoints",
    "GET",
    "/v1/webhooks/endpoints",
    "read",
    rate=("webhooks.read", 500),
    query_fields=(Field("limit", "limit", INTEGER), Field("cursor", "cursor", TEXT)),
    result=ref("WebhookEndpointListResponse"),
    items="endpoints",
    item_id="endpoint_id",
)
