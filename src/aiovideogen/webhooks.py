"""Webhook deliveries: verified by Standard Webhooks, and read as typed events (layer 2).

`verify` takes what a web framework received, the raw body and the headers, and returns one of 18 events, or an
`UnknownEvent` for a name that this version doesn't know:

    match verify(body, headers, secret):
        case ToolExecutionSucceeded() as event:
            print(event.results[0].file_id)
        case WorkflowRunFailed() as event:
            print(event.error)
        case _:
            pass

`aiovideogen.receiver` does that for you, with de-duplication and all else that a delivery asks for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NoReturn, Protocol, TypeAlias, cast

from ._codecs import Unreadable
from ._event import Event as Event
from ._event import Outcome as Outcome
from ._event import UnknownEvent as UnknownEvent
from ._generated.events import BY_NAME
from ._generated.events import AssistantMessageCancelled as AssistantMessageCancelled
from ._generated.events import AssistantMessageEvent as AssistantMessageEvent
from ._generated.events import AssistantMessageFailed as AssistantMessageFailed
from ._generated.events import AssistantMessageSucceeded as AssistantMessageSucceeded
from ._generated.events import FileAnalysisCompleted as FileAnalysisCompleted
from ._generated.events import FileAnalysisFailed as FileAnalysisFailed
from ._generated.events import FileDownloadReady as FileDownloadReady
from ._generated.events import FileEvent as FileEvent
from ._generated.events import FilePlaybackReady as FilePlaybackReady
from ._generated.events import FileUploadCompleted as FileUploadCompleted
from ._generated.events import FileUploadFailed as FileUploadFailed
from ._generated.events import ProjectExportCancelled as ProjectExportCancelled
from ._generated.events import ProjectExportEvent as ProjectExportEvent
from ._generated.events import ProjectExportFailed as ProjectExportFailed
from ._generated.events import ProjectExportSucceeded as ProjectExportSucceeded
from ._generated.events import ToolExecutionCancelled as ToolExecutionCancelled
from ._generated.events import ToolExecutionEvent as ToolExecutionEvent
from ._generated.events import ToolExecutionFailed as ToolExecutionFailed
from ._generated.events import ToolExecutionSucceeded as ToolExecutionSucceeded
from ._generated.events import WebhookEvent as WebhookEvent
from ._generated.events import WorkflowRunCancelled as WorkflowRunCancelled
from ._generated.events import WorkflowRunEvent as WorkflowRunEvent
from ._generated.events import WorkflowRunFailed as WorkflowRunFailed
from ._generated.events import WorkflowRunSucceeded as WorkflowRunSucceeded
from .errors import ConfigurationError, WebhookVerificationError

__all__ = [
    "AssistantMessageCancelled",
    "AssistantMessageEvent",
    "AssistantMessageFailed",
    "AssistantMessageSucceeded",
    "Event",
    "EventSource",
    "FileAnalysisCompleted",
    "FileAnalysisFailed",
    "FileDownloadReady",
    "FileEvent",
    "FilePlaybackReady",
    "FileUploadCompleted",
    "FileUploadFailed",
    "Headers",
    "Outcome",
    "ProjectExportCancelled",
    "ProjectExportEvent",
    "ProjectExportFailed",
    "ProjectExportSucceeded",
    "Secrets",
    "ToolExecutionCancelled",
    "ToolExecutionEvent",
    "ToolExecutionFailed",
    "ToolExecutionSucceeded",
    "UnknownEvent",
    "WebhookEvent",
    "WorkflowRunCancelled",
    "WorkflowRunEvent",
    "WorkflowRunFailed",
    "WorkflowRunSucceeded",
    "parse",
    "sign",
    "verify",
]

Headers: TypeAlias = Mapping[str, Any] | Mapping[bytes, Any] | Iterable[tuple[Any, Any]]
"""A request's headers as any framework has them: a mapping or pairs, of text or bytes, in any case."""

TOLERANCE: Final = 300.0
MIN_KEY_BYTES: Final = 16
MAX_ID: Final = 255
MAX_SIGNATURES: Final = 8192
"""Characters of a signature header that are looked at: some 170 signatures."""

_ID, _TIMESTAMP, _SIGNATURE = b"webhook-id", b"webhook-timestamp", b"webhook-signature"
_NAMES: Final = {key: name for name in (_ID, _TIMESTAMP, _SIGNATURE) for key in (name, name.decode())}


class EventSource(Protocol):
    """What tells of verified events as they come in; the receiver does."""

    def subscribe(self, listener: Callable[[WebhookEvent], None], /) -> Callable[[], None]:
        """Call `listener` with each remembered event at once and with each new one; return what ends that."""
        ...


class Secrets:
    """Signing secrets, checked and decoded once; several while one takes the place of another.

    A secret is taken with or without `whsec_`. What isn't base64 is taken as the bytes it is.

    Raises ConfigurationError, without the secret in it, for none, and for what can't be a whole one.
    """

    __slots__ = ("_keys",)

    def __init__(self, secrets: str | Sequence[str]) -> None:
        given: Sequence[object] = [secrets] if isinstance(secrets, str) else list(secrets)
        if not given:
            raise ConfigurationError("webhook secrets: none given; createWebhookEndpoint's answer has one")
        self._keys = tuple(dict.fromkeys(key for secret in given for key in _keys_of(secret)))

    @classmethod
    def of(cls, secrets: Secrets | str | Sequence[str]) -> Secrets:
        """Return `secrets` decoded."""
        return secrets if isinstance(secrets, Secrets) else cls(secrets)

    def signatures(self, signed: bytes) -> list[bytes]:
        """Return what each secret makes of a message."""
        return [base64.b64encode(hmac.digest(key, signed, hashlib.sha256)) for key in self._keys]

    def __repr__(self) -> str:
        return f"Secrets({len(self._keys)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("secrets are not pickled; give them to each process by itself")


def verify(
    body: bytes,
    headers: Headers,
    secrets: Secrets | str | Sequence[str],
    *,
    tolerance: float = TOLERANCE,
    now: float | None = None,
) -> WebhookEvent:
    """Return the event of a delivery that one of `secrets` signed, not more than `tolerance` seconds ago or ahead.

    `body` is the raw body: one that was parsed and written again has another signature. `now` is Unix seconds, by
    default this machine's clock.

    Raises WebhookVerificationError for any other delivery, and nothing else, whatever stands in body and headers;
    ConfigurationError for secrets or a tolerance that can't be used; TypeError for a body that isn't bytes.
    """
    if not isinstance(cast("object", body), (bytes, bytearray, memoryview)):
        raise TypeError(f"verify: body must be the raw bytes that were received, got {type(body).__name__}")
    if not tolerance >= 0:
        raise ConfigurationError("webhook tolerance: give seconds, 0 or more")
    raw = bytes(body)
    found = _found(headers)
    id, sent = _checked_id(found), _checked_timestamp(found, tolerance, time.time() if now is None else now)
    expected = Secrets.of(secrets).signatures(b"%b.%b.%b" % (id, sent, raw))
    if not _any_match(found.get(_SIGNATURE, ()), expected):
        raise WebhookVerificationError("webhook: no signature matches; check the secret, and that the body is raw")
    return parse(raw, id=id.decode(), timestamp=int(sent))


def parse(body: bytes, *, id: str, timestamp: int) -> WebhookEvent:
    """Read the body of a delivery that was verified before, such as one kept in a durable inbox.

    Raises WebhookVerificationError when it can't be read.
    """
    try:
        payload: object = _DECODER.decode(bytes(body).decode())
    except (ValueError, RecursionError):  # of a body that may hold anything: nothing of it goes into the error
        raise WebhookVerificationError("webhook: the body is not JSON") from None
    name: object = cast("dict[str, object]", payload).get("event") if isinstance(payload, dict) else None
    if not isinstance(name, str):
        raise WebhookVerificationError("webhook: the body is not an object that names its event")
    try:
        return cast("WebhookEvent", BY_NAME.get(name, UnknownEvent).received(payload, id, timestamp))
    except Unreadable as error:
        text = f"webhook: {name} can't be read: {error.path}: {error.reason}; see if a newer aiovideogen reads it"
        raise WebhookVerificationError(text) from None


def sign(body: bytes, secret: str, *, id: str, timestamp: int) -> dict[str, str]:
    """Return the headers of a delivery of `body`, for tests of your own receiver; `timestamp` is Unix seconds.

    Raises ConfigurationError for a secret that can't be used.
    """
    (signature, *_) = Secrets(secret).signatures(f"{id}.{timestamp}.".encode() + body)
    return {
        _ID.decode(): id,
        _TIMESTAMP.decode(): str(timestamp),
        _SIGNATURE.decode(): f"v1,{signature.decode()}",
    }


def _keys_of(secret: object) -> list[bytes]:
    """Return the keys that a secret may stand for: where its base64 lacks its padding, implementations differ."""
    if not isinstance(secret, str):
        raise ConfigurationError(f"webhook secrets: expected text, got {type(secret).__name__}")
    text = secret.strip()
    if text.lower().startswith(("sk_", "vg_key_")):
        raise ConfigurationError("webhook secrets: that is an API key; the signing secret begins with whsec_")
    value = text.removeprefix("whsec_")
    if not value.isascii() or not value.isprintable() or " " in value or "whsec_" in value:
        raise ConfigurationError("webhook secrets: not one secret as it was given; give several as a list")
    keys = [key for key in (_decoded(value) or value.encode(), _decoded(value + "==")) if key]
    if not any(len(key) >= MIN_KEY_BYTES for key in keys):
        raise ConfigurationError(f"webhook secrets: shorter than {MIN_KEY_BYTES} bytes; give the whole secret")
    return [key for key in keys if len(key) >= MIN_KEY_BYTES]


def _decoded(value: str) -> bytes | None:
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse)


def _found(headers: Any) -> dict[bytes, list[bytes]]:
    """Return the values of the headers that matter, by name; what is no header is passed over."""
    found: dict[bytes, list[bytes]] = {}
    pairs: object = headers.items() if hasattr(headers, "items") else headers
    for pair in cast("Iterable[object]", pairs) if isinstance(pairs, Iterable) else ():
        if not isinstance(pair, (tuple, list)) or len(cast("tuple[Any, ...]", pair)) != 2:
            continue
        key, value = cast("tuple[Any, Any]", pair)
        name = _NAMES.get(key.lower()) if isinstance(key, (str, bytes)) else None
        if name is not None:
            values = cast("list[Any]", value) if isinstance(value, (list, tuple)) else [value]
            found.setdefault(name, []).extend(map(_bytes, values))
    return found


def _bytes(value: object) -> bytes:
    """Return a header's value as bytes; what can't be one becomes what no check accepts."""
    if isinstance(value, str):
        value = value.encode("utf-8", "replace")
    return value.strip(b" \t") if isinstance(value, bytes) else b""


def _single(found: Mapping[bytes, list[bytes]], name: bytes) -> bytes:
    values = found.get(name, [])
    if len(values) != 1:
        how = "more than one" if values else "no"
        raise WebhookVerificationError(f"webhook: {how} {name.decode()} header")
    return values[0]


def _checked_id(found: Mapping[bytes, list[bytes]]) -> bytes:
    id = _single(found, _ID)
    if not 0 < len(id) <= MAX_ID or not id.isascii() or not id.decode().isprintable():
        raise WebhookVerificationError("webhook: the webhook-id header can't be an id")
    return id


def _checked_timestamp(found: Mapping[bytes, list[bytes]], tolerance: float, now: float) -> bytes:
    sent = _single(found, _TIMESTAMP)
    if not 0 < len(sent) <= 15 or not sent.isdigit():
        raise WebhookVerificationError("webhook: the webhook-timestamp header is not Unix seconds")
    if not abs(int(sent) - now) <= tolerance:
        when = "old" if int(sent) < now else "far ahead"
        raise WebhookVerificationError(f"webhook: the delivery is too {when}; check this machine's clock")
    return sent


def _any_match(headers: Sequence[bytes], expected: Sequence[bytes]) -> bool:
    """Say whether a `v1` signature is one of `expected`; takes the same time wherever they differ."""
    given = b" ".join(headers)[:MAX_SIGNATURES].split(b" ")
    # Several headers may come joined by commas.
    values = [text[3:].rstrip(b",") for text in given if text.startswith(b"v1,")]
    return any(hmac.compare_digest(value, one) for value in values for one in expected)
