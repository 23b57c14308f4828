"""The operations of the group Webhooks, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ...._operation import Group, Page

if TYPE_CHECKING:
    from ...models import (
        CreateWebhookEndpointRequest,
        WebhookEndpoint,
        WebhookEndpointId,
        WebhookEndpointListResponse,
        WebhookEventName,
    )


class Webhooks(Group):
    """The operations of the group Webhooks."""

    __slots__ = ()
    _package = __name__

    def list_webhook_endpoints(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Page[WebhookEndpointListResponse, WebhookEndpoint]:
        """List webhook endpoints.

        Signing secrets are never shown again: of each you see at most the last four characters. Whether the
        list holds the endpoints of the API key or of the whole account is told in two ways, so do not rely
        on either; the order is not documented. The limit is 500 requests an hour per API key.

        Args:
            limit: How many items a page may hold, from 1 to 200; 50 if omitted.
            cursor: The `next_cursor` of the page before, passed on unchanged; omit it for the first page. It is
                opaque and belongs to this endpoint: one from another endpoint is answered with 400. Keep
                the filters the same from page to page, as what happens otherwise is not documented.
        """
        return self._page("list_webhook_endpoints", (), {"limit": limit, "cursor": cursor})

    @overload
    async def create_webhook_endpoint(self, request: CreateWebhookEndpointRequest) -> WebhookEndpoint: ...

    @overload
    async def create_webhook_endpoint(
        self, *, url: str, description: str | None = ..., events: Sequence[WebhookEventName]
    ) -> WebhookEndpoint: ...

    async def create_webhook_endpoint(
        self, request: CreateWebhookEndpointRequest | None = None, **fields: Any
    ) -> WebhookEndpoint:
        """Register a webhook endpoint.

        The address must be HTTPS and at least one event be named. `signing_secret` appears in this answer
        only, so store it at once; there is no call to change, test or replay an endpoint or to rotate its
        secret, only to delete it and register another. Do not repeat the call blindly, or every event may
        be delivered twice: if the answer was lost, list the endpoints, delete the new one and start again.
        The limit is 10 requests an hour per API key.

        Args:
            request: The whole body as one object, instead of the keywords below.
            url: Where to send the events; must be HTTPS.
            description: A note of your own about the endpoint.
            events: The events to send, at least one.
        """
        return await self._call("create_webhook_endpoint", (), body=request, fields=fields)

    async def delete_webhook_endpoint(self, endpoint_id: WebhookEndpointId) -> None:
        """Delete a webhook endpoint.

        Deliveries stop at once, and the endpoint cannot be restored. It may be sent again, though a second
        request may find the endpoint gone. The limit is 10 requests an hour per API key.

        Args:
            endpoint_id: The endpoint's id (`ep_…`).
        """
        await self._call("delete_webhook_endpoint", (endpoint_id,))
