"""A sandbox in process with a clock moved by hand; every answer is held against openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from aiovideogen.sandbox import Sandbox

from .answers import check_answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

URL = "http://127.0.0.1"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += seconds


class Api:
    """A client that follows the API's words: `await api.post(path, field=value)`."""

    def __init__(self, sandbox: Sandbox, clock: Clock) -> None:
        self.sandbox = sandbox
        self.clock = clock
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(sandbox),
            base_url=URL,
            event_hooks={"response": [check_answer]},
        )
        self.key = {"authorization": f"Bearer {sandbox.key}"}

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return await self.http.request(method, path, headers=self.key, **options)

    async def get(self, path: str, **query: Any) -> Any:
        response = await self.request("GET", path, params=query)
        assert response.is_success, response.text
        return response.json()

    async def post(self, path: str, /, **body: Any) -> Any:
        response = await self.request("POST", path, json=body)
        assert response.is_success, response.text
        return response.json() if response.content else None

    async def refused(self, path: str, /, **body: Any) -> tuple[int, str | None, str]:
        """Post what must be refused; return status, code and message."""
        response = await self.request("POST", path, json=body)
        error = response.json()
        return response.status_code, error["code"], error["message"]

    async def upload(self, name: str, data: bytes, **body: Any) -> str:
        """Upload a file, wait until it is processed, return its id."""
        made = await self.post("/v1/files/upload", displayName=name, **body)
        response = await self.http.put(made["uploadUrl"], content=data)
        assert response.status_code == 200, response.text
        self.clock.move(10)
        return made["fileId"]

    async def tool(self, name: str, **body: Any) -> Any:
        """Run a tool to its end and return the execution."""
        started = await self.post(f"/v1/tools/{name}", **body)
        self.clock.move(100)
        return await self.get(f"/v1/tools/executions/{started['toolExecutionId']}")

    async def fetch(self, url: str) -> httpx.Response:
        """Download from storage, as a client does: without the key."""
        response = await self.http.get(url)
        assert response.status_code == 200, response.text
        return response


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Sandbox:
    return Sandbox(job_seconds=10.0, clock=clock, seed=1)


@pytest.fixture
async def api(sandbox: Sandbox, clock: Clock) -> AsyncIterator[Api]:
    client = Api(sandbox, clock)
    async with client.http:
        yield client
