"""Webhook endpoints; the secret is shown once."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from ._calls import Call, handles, page
from ._records import Endpoint
from ._state import find

if TYPE_CHECKING:
    from ._http import Json


def _shown(endpoint: Endpoint) -> Json:
    return {
        "endpointId": endpoint.id,
        "url": endpoint.url,
        "events": endpoint.events,
        "description": endpoint.description,
        "createdAt": int(endpoint.created),
        "signingSecretLast4": endpoint.secret[-4:],
    }


@handles("createWebhookEndpoint")
async def create(call: Call) -> Json:
    """Register an endpoint; this answer alone carries its secret."""
    state, body = call.state, call.body
    secret = "whsec_" + base64.b64encode(state.random.randbytes(24)).decode()
    events = list(dict.fromkeys(body["events"]))
    endpoint = Endpoint(
        state.next_number(),
        state.new_id("ep_"),
        body["url"],
        events,
        body.get("description"),
        call.now,
        secret,
    )
    state.endpoints[endpoint.id] = endpoint
    return {**_shown(endpoint), "signingSecret": secret}


@handles("listWebhookEndpoints")
async def list_all(call: Call) -> Json:
    """List endpoints, newest first, without their secrets."""
    newest = reversed(call.state.endpoints.values())
    shown, body = page(call, "endpoints", newest, lambda endpoint: (endpoint.number,))
    return {**body, "endpoints": [_shown(endpoint) for endpoint in shown]}


@handles("deleteWebhookEndpoint")
async def delete(call: Call) -> None:
    """Remove an endpoint."""
    endpoint = find(call.state.endpoints, call.path["endpointId"], "Webhook endpoint")
    del call.state.endpoints[endpoint.id]
