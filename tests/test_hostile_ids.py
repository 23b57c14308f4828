"""Ids come from users and databases: none leads to another path, whatever is in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aiovideogen import ExportId, InvalidIdError, NotFoundError, VideoGen
from aiovideogen._targets import operation_of
from aiovideogen.models import RemixActionAddZoom

from .conftest import Reply, Scripted
from .facts import operations, spec
from .wire import Network

if TYPE_CHECKING:
    from collections.abc import Awaitable

pytestmark = pytest.mark.anyio

KEPT = (
    "a/b",
    "/",
    "//",
    "a/../b",
    "../x",
    "../../v1/me",
    "..%2fme",
    "%2e%2e",
    "%2E%2E/",
    "%",
    "%00",
    "%0a",
    "%25",
    "?",
    "?x=1",
    "a?b=c&d",
    "#",
    "#x",
    "a;b",
    "a:b",
    "@host",
    "//evil.test/x",
    "http://evil.test/",
    "\\",
    "..\\x",
    "a b",
    "a+b",
    "ä",
    "日本",
    "😀",
    "...x",
    ".hidden",
    "a.",
    "{projectId}",
    "$(id)",
    "'\"<>`|^",
    "x" * 512,
)
REFUSED = (
    "",
    ".",
    "..",
    "...",
    " ",
    "   ",
    "\t",
    "a\nb",
    "a\r\nx-y: z",
    "\x00",
    "a\x00b",
    "a\x1bb",
    "\x7f",
    "\x85",
    "\u2028",
    "\u202e",
    "\ufeff",
    "\ud800",
    "x" * 513,
    "x" * 10_240,
    "../" * 3_400,
    "ä" * 5_000,
)

WITH_IDS = {name: path for name, (_, path, _) in operations(spec()).items() if "{" in path}
NEEDED: dict[str, dict[str, Any]] = {
    "sendAssistantMessage": {"message": "x"},
    "addEntityReference": {"file_id": "vg_file_1"},
    "removeEntityReference": {"file_id": "vg_file_1"},
    "remixProject": {"remix_actions": [RemixActionAddZoom()]},
}
"""What the bodies of some need."""
PLACE = re.compile(r"\{\w+\}")


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


def call(vg: VideoGen, operation: str, hostile: str) -> Awaitable[Any]:
    """Call an operation with an id in each place of its path."""
    name = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", operation).lower()
    groups = (vg.workflows, vg.projects, vg.assistant, vg.tools, vg.files, vg.entities, vg.webhooks)
    method = next(getattr(group, name) for group in groups if hasattr(group, name))
    return method(*[hostile] * len(PLACE.findall(WITH_IDS[operation])), **NEEDED.get(operation, {}))


@pytest.mark.parametrize("operation", WITH_IDS)
async def test_every_path_is_the_one_that_was_meant(operation: str) -> None:
    server = Scripted(Reply.json({"message": "m", "code": "not_found"}, 404))
    path = WITH_IDS[operation]
    async with Network(server) as network, network.client() as http:
        vg = VideoGen(api_key="k", base_url="https://127.0.0.1", http_client=http)
        for hostile in KEPT:
            with pytest.raises(NotFoundError):
                await call(vg, operation, hostile)
            target = network.heads[-1][0].decode()
            assert target == PLACE.sub(lambda _, one=hostile: quote(one, safe=""), path)
            segments = [unquote(one) for one in target.split("/")]
            assert segments == [hostile if PLACE.fullmatch(one) else one for one in path.split("/")]
            assert dict(network.heads[-1][1])[b"host"] == b"127.0.0.1"
        sent = len(network.heads)
        for hostile in REFUSED:
            with pytest.raises(InvalidIdError, match=rf"{operation}: \w+: .*can't be an id") as caught:
                await call(vg, operation, hostile)
            assert len(str(caught.value)) < 250
            assert str(caught.value).isprintable()
        assert len(network.heads) == sent


@pytest.mark.parametrize("hostile", REFUSED)
async def test_what_stands_beside_an_id_is_checked_as_well(hostile: str) -> None:
    server = Scripted(Reply.json({}))
    vg = server.client()
    with pytest.raises(InvalidIdError):
        await vg.wait_for(ExportId("vg_expo_1"), project_id=hostile, timeout=1)  # pyright: ignore[reportArgumentType]
    with pytest.raises(InvalidIdError):
        await vg.wait_for(ExportId(hostile), project_id="vg_proj_1", timeout=1)  # pyright: ignore[reportArgumentType]
    assert server.asked == []


@given(st.text())
@example("..")
@example("%2e%2e/%2e%2e")
@example(".\u2024")
@example("\uff0e\uff0e")
def test_any_text_is_refused_or_one_segment_of_the_path(text: str) -> None:
    """httpx takes the path as it is: what it would normalise is encoded, or refused."""
    try:
        path = operation_of("files.get_file").request([text]).path
    except InvalidIdError:
        return
    raw = httpx.URL("https://127.0.0.1" + path).raw_path.decode()
    assert raw == path == "/v1/files/" + quote(text, safe="")
    assert raw.count("/") == 3
