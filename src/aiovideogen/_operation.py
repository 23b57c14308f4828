"""What the generated layer is made of: operations, pages, groups (layer 0).

An operation writes its request and reads its answer, and does no I/O. Groups hand operations to a Transport,
which is all they know of the network.
"""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, NamedTuple, NoReturn, Protocol, Self, TypeVar, cast
from urllib.parse import quote

import attrs

from ._accepted import Accepted
from ._codecs import Codec, Unreadable, WrongId, named, plain_text
from ._model import NOTHING, Field, Model
from .errors import InvalidIdError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Mapping, Sequence

__all__ = ["Group", "Operation", "Page", "Request", "Transport", "camel"]

P = TypeVar("P")
I = TypeVar("I")  # noqa: E741 - P for page, I for item

Effect = Literal["read", "repeatable", "once"]
"""May a request be sent again: it changes nothing, it changes the same thing again, or it starts a thing anew."""


@attrs.frozen(eq=False)
class Operation:
    """One operation of the API: how its request is written and its answer is read."""

    id: str
    method: str
    path: str
    effect: Effect
    rate: tuple[str, int] | None = attrs.field(default=None, kw_only=True)
    """The group whose limit it shares, and the documented number of requests an hour."""
    path_fields: tuple[Field, ...] = attrs.field(default=(), kw_only=True)
    query_fields: tuple[Field, ...] = attrs.field(default=(), kw_only=True)
    body: str | None = attrs.field(default=None, kw_only=True)
    body_required: bool = attrs.field(default=False, kw_only=True)
    result: Codec | None = attrs.field(default=None, kw_only=True)
    picks: str | None = attrs.field(default=None, kw_only=True)
    """The one attribute of the answer that the caller gets: a cancel answers like a start, and starts nothing."""
    items: str | None = attrs.field(default=None, kw_only=True)
    item_id: str | None = attrs.field(default=None, kw_only=True)

    def request(
        self,
        path: Sequence[object] = (),
        query: Mapping[str, object] = NOTHING,
        body: object = None,
        fields: Mapping[str, object] = NOTHING,
    ) -> Request:
        """Write a request, checked: nothing that the API can't take goes out.

        Raises InvalidIdError for another kind's id, TypeError for a value or keyword of the wrong type, each
        with the name of the operation and the path to the value.
        """
        try:
            params = {f.key: plain_text(f.write(v, True)) for f, v in zip(self.path_fields, path, strict=True)}
            asked = {f.key: f.write(query[f.name], True) for f in self.query_fields if query.get(f.name) is not None}
            content = self._write_body(body, fields)
        except Unreadable as error:
            self._refuse(error)
        url = self.path
        for key, value in params.items():
            url = url.replace("{" + key + "}", quote(value, safe=""))
        return Request(self, url, {key: _query_text(value) for key, value in asked.items()}, content, params)

    def _write_body(self, body: object, fields: Mapping[str, object]) -> bytes | None:
        if self.body is None:
            return None
        kind = cast("type[Model]", named(self.body))
        if body is not None and fields:
            raise TypeError(f"{self.id}: give a request object or keywords, not both")
        if body is None and not fields and not self.body_required:
            return None
        try:
            model = kind(**fields) if body is None else body
        except TypeError as error:
            raise TypeError(f"{self.id}: {error}") from None
        if not isinstance(model, kind):
            raise TypeError(f"{self.id}: expected {self.body} or keywords, got {type(body).__name__}")
        try:
            return json.dumps(model.write(True), allow_nan=False, separators=(",", ":"), ensure_ascii=False).encode()
        except (TypeError, ValueError) as error:
            if isinstance(error, Unreadable):
                raise
            raise TypeError(f"{self.id}: {error}") from None

    def _refuse(self, error: Unreadable) -> NoReturn:
        text = f"{self.id}: {error.path.removeprefix('.') or 'the request'}: {error.reason}"
        raise (InvalidIdError(text) if isinstance(error, WrongId) else TypeError(text)) from None

    def read(self, data: object, params: Mapping[str, str] = NOTHING, at: float | None = None) -> Any:
        """Read an answer's JSON; raises Unreadable.

        `params` are the values of the request's path and `at` is the time of the answer, for what it starts.
        """
        assert self.result is not None  # what answers with nothing is not read
        answer: Any = self.result.decode(data)
        if self.effect == "once" and isinstance(answer, Accepted):
            cast("Accepted[Any]", answer).accepted(params, at)
        return cast("object", answer) if self.picks is None else getattr(cast("object", answer), self.picks)


class Request(NamedTuple):
    """A request as it goes out: the path is encoded, the body written."""

    operation: Operation
    path: str
    query: Mapping[str, str]
    content: bytes | None
    params: Mapping[str, str]
    """The values of the path, by JSON key."""

    def headers(self) -> dict[str, str]:
        """Return the headers that say what is sent and what may be answered."""
        headers = {"accept": "application/json"}
        if self.content is not None:
            headers["content-type"] = "application/json"
        if self.operation.items:  # a page may have a megabyte, of which gzip leaves a tenth
            headers["accept-encoding"] = "gzip"
        return headers


def _query_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else plain_text(value)


def camel(name: str) -> str:
    """Return the JSON key that an attribute stands for."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


class Transport(Protocol):
    """What carries requests to the API and reads the answers."""

    async def call(self, request: Request) -> Any:
        """Send the request and return what its operation reads from the answer."""
        ...


class Group:
    """The operations of one resource group, over a transport."""

    __slots__ = ("_transport",)
    _package: ClassVar[str]

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def _call(
        self,
        name: str,
        path: Sequence[object] = (),
        query: Mapping[str, object] = NOTHING,
        *,
        body: object = None,
        fields: Mapping[str, object] = NOTHING,
    ) -> Any:
        return await self._transport.call(find(self._package, name).request(path, query, body, fields))

    def _page(self, name: str, path: Sequence[object], query: Mapping[str, object]) -> Page[Any, Any]:
        return Page(self._transport, find(self._package, name), path, query)


_found: dict[tuple[str, str], Operation] = {}


def find(package: str, name: str) -> Operation:
    """Return the operation that the generated module `name` in `package` describes, importing it at first use."""
    operation = _found.get((package, name))
    if operation is None:
        operation = _found[package, name] = importlib.import_module(f"{package}.{name}").OPERATION
    return operation


class Page(Generic[P, I]):
    """A list that the API gives out in pages.

    `await page` is the first page, `async for item in page` all items of all pages, `page.pages()` the pages.
    Items that come twice, because the list shifted in between, are given once; a cursor that comes twice ends the list.
    """

    __slots__ = ("_operation", "_path", "_query", "_transport")

    def __init__(
        self, transport: Transport, operation: Operation, path: Sequence[object], query: Mapping[str, object]
    ) -> None:
        self._transport = transport
        self._operation = operation
        self._path = path
        self._query = query

    def __await__(self) -> Generator[Any, Any, P]:
        return self.fetch().__await__()

    def __aiter__(self) -> AsyncIterator[I]:
        return _Items(self)

    def pages(self) -> AsyncIterator[P]:
        """Iterate over page after page."""
        return _Pages(self)

    async def fetch(self, cursor: str | None = None) -> P:
        """Read the first page, or the one that a cursor names."""
        query = self._query if cursor is None else {**self._query, "cursor": cursor}
        return await self._transport.call(self._operation.request(self._path, query))

    def items_of(self, page: P) -> Sequence[tuple[object, I]]:
        """Return the items of a page, each with its own id or None."""
        operation = self._operation
        items: Sequence[I] = getattr(page, cast("str", operation.items))
        return [(getattr(item, operation.item_id, None) if operation.item_id else None, item) for item in items]

    @property
    def first_cursor(self) -> object:
        """The cursor that the list was asked to begin at, None for its beginning."""
        return self._query.get("cursor")


class _Pages(Generic[P]):
    """Pages one after another: no async generator, so that breaking off leaves nothing unfinished."""

    def __init__(self, page: Page[P, Any]) -> None:
        self._page = page
        self._cursor: str | None = None
        self._used: set[object] = {page.first_cursor}
        self._over = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> P:
        if self._over:
            raise StopAsyncIteration
        page = await self._page.fetch(self._cursor)
        self._cursor = getattr(page, "next_cursor", None)
        self._over = not self._cursor or self._cursor in self._used
        self._used.add(self._cursor)
        return page


class _Items(Generic[I]):
    """The items of all pages, each once."""

    def __init__(self, page: Page[Any, I]) -> None:
        self._page = page
        self._pages = page.pages()
        self._left: list[tuple[object, I]] = []
        self._seen: set[object] = set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> I:
        while True:
            while not self._left:
                self._left = [*reversed(self._page.items_of(await anext(self._pages)))]
            own, item = self._left.pop()
            if own is None or own not in self._seen:
                self._seen.add(own)
                return item
