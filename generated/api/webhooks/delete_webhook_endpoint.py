"""`DELETE /v1/webhooks/endpoints/{endpointId}`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "deleteWebhookEndpoint",
    "DELETE",
    "/v1/webhooks/endpoints/{endpointId}",
    "repeatable",
    rate=("webhooks.delete", 10),
    path_fields=(Field("endpointId", "endpoint_id", id_of("WebhookEndpointId"), required=True),),
)
