"""Register webhook endpoints, and change their secrets without losing a delivery (layer 6).

    ensured = await ensure_endpoint(vg, "https://example.com/videogen", EVENTS, save=secrets.save, known=secrets.load())
    receiver.set_secrets(secrets.load())

The API shows a secret once, in the answer that creates the endpoint, and allows ten creates and ten deletes an hour.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Final, cast

import anyio
import attrs

from ._finish import see_through
from .errors import NotFoundError, OutcomeUnknownError, VideoGenError

if TYPE_CHECKING:
    from ._client import VideoGen
    from .models import WebhookEndpoint, WebhookEventName

__all__ = ["Ensured", "Save", "ensure_endpoint", "retire_endpoints", "rotate_endpoint"]

Save = Callable[["WebhookEndpoint"], Awaitable[object] | object]
"""Called, or awaited, with a new endpoint, whose `signing_secret` it has to keep: nothing shows it again."""

logger: logging.Logger = logging.getLogger("aiovideogen")

CREATE_SECONDS: Final = 30.0
SAVE_SECONDS: Final = 15.0
DELETE_SECONDS: Final = 10.0


@attrs.frozen
class Ensured:
    """An endpoint that exists."""

    endpoint: WebhookEndpoint
    created: bool
    """Whether it was created now; its secret was saved then."""
    superseded: tuple[WebhookEndpoint, ...] = ()
    """Other endpoints at the same URL. Each sends what it is told of too: give them to `retire_endpoints` once the
    new secret is in use everywhere."""

    @property
    def secret(self) -> str | None:
        """The signing secret; None unless the endpoint was created now."""
        return self.endpoint.signing_secret


async def ensure_endpoint(
    vg: VideoGen,
    url: str,
    events: Sequence[WebhookEventName],
    *,
    save: Save,
    known: Sequence[str] | None = None,
    description: str | None = None,
) -> Ensured:
    """Return the endpoint at `url` for just these events, created and its secret saved if there is none.

    One with other events, which the API has no way to change, is superseded by a new one and goes on until it is
    retired. `known` are the secrets that the program has: an endpoint whose secret isn't among them, by its last four
    characters, is superseded as well.

    Call it in one place, not in each process at its start: those that look at the same time create one each.

    Raises OutcomeUnknownError where an endpoint may have been created whose secret is lost: its text says how to go on.
    What `save` raises passes on, and the new endpoint is deleted.
    """
    if isinstance(cast("object", events), str):
        raise TypeError("ensure_endpoint: events is a list of names")
    if isinstance(known, str) or not all(isinstance(cast("object", secret), str) for secret in known or ()):
        raise TypeError("ensure_endpoint: known is a list of secrets, each of them text")
    there = [one async for one in vg.webhooks.list_webhook_endpoints(limit=200) if one.url == url]
    fits = [one for one in there if {*one.events} == {*events} and _is_known(one, known)]
    if fits:
        newest = max(fits, key=lambda one: one.created_at or 0)
        return Ensured(newest, created=False, superseded=tuple(one for one in there if one is not newest))
    made = await _create(vg, url, events, description, save, there)
    return Ensured(made, created=True, superseded=tuple(there))


async def rotate_endpoint(vg: VideoGen, endpoint: WebhookEndpoint, *, save: Save) -> Ensured:
    """Create a second endpoint like `endpoint`, with a secret of its own, and save that.

    Both send until the first is retired: give the receiver both secrets, and let `retire_endpoints` follow once every
    process has them. Meanwhile an event may come twice, under two ids. Raises as `ensure_endpoint` does.
    """
    made = await _create(vg, endpoint.url, endpoint.events, endpoint.description, save, [endpoint])
    return Ensured(made, created=True, superseded=(endpoint,))


async def retire_endpoints(vg: VideoGen, endpoints: Sequence[WebhookEndpoint], *, after: float = 0.0) -> None:
    """Delete endpoints, such as `Ensured.superseded`, after so many seconds; one that is gone already is no error.

    Raises the first error when all have been tried.
    """
    await anyio.sleep(after)
    problems: list[VideoGenError] = []
    for endpoint in endpoints:
        try:
            await vg.webhooks.delete_webhook_endpoint(endpoint.endpoint_id)
        except NotFoundError:
            continue
        except VideoGenError as error:
            problems.append(error)
    if problems:
        raise problems[0]


def _is_known(endpoint: WebhookEndpoint, known: Sequence[str] | None) -> bool:
    last = endpoint.signing_secret_last_4
    return known is None or (last is not None and any(secret.endswith(last) for secret in known))


async def _create(
    vg: VideoGen,
    url: str,
    events: Sequence[WebhookEventName],
    description: str | None,
    save: Save,
    there: Sequence[WebhookEndpoint],
) -> WebhookEndpoint:
    """Create an endpoint and save its secret, also when the caller is cancelled meanwhile: it is shown once only."""
    more: dict[str, Any] = {} if description is None else {"description": description}
    hurried = vg.with_options(total_timeout=CREATE_SECONDS)

    async def create() -> WebhookEndpoint:
        try:
            made = await hurried.webhooks.create_webhook_endpoint(url=url, events=events, **more)
        except OutcomeUnknownError as error:
            raise _lost(url, there, error.message.partition(";")[0], error) from error
        if made.signing_secret is None:
            raise _lost(url, there, "the answer has no secret")
        await _saved(vg, made, save)
        return made

    return await see_through(create)


async def _saved(vg: VideoGen, made: WebhookEndpoint, save: Save) -> None:
    """Let the secret be saved; where that fails, delete the endpoint, whose secret nobody knows then."""
    try:
        with anyio.fail_after(SAVE_SECONDS, shield=True):
            answer = save(made)
            if isawaitable(answer):
                await answer
    except BaseException:
        with anyio.move_on_after(DELETE_SECONDS, shield=True) as scope:
            try:
                await vg.webhooks.delete_webhook_endpoint(made.endpoint_id)
            except VideoGenError as error:
                logger.warning("%s: its secret is lost, delete it: %s", made.endpoint_id, error)
        if scope.cancelled_caught:
            logger.warning("%s: its secret is lost, delete it: no answer came in time", made.endpoint_id)
        raise


def _lost(
    url: str, there: Sequence[WebhookEndpoint], reason: str, error: OutcomeUnknownError | None = None
) -> OutcomeUnknownError:
    others = ", ".join(one.endpoint_id for one in there)
    return OutcomeUnknownError(
        f"{reason}; an endpoint at {url} may exist whose secret is lost: list the endpoints, delete the new one at "
        f"this URL{f' (not {others})' if others else ''}, then create it again",
        operation="createWebhookEndpoint",
        status=error and error.status,
        request_id=error and error.request_id,
    )
