"""The sandbox on a real socket, from the command line, and vendored."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

import aiovideogen.sandbox
from aiovideogen.sandbox import Sandbox, serve
from aiovideogen.sandbox.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiovideogen.sandbox import Served

FOLDER = Path(aiovideogen.sandbox.__file__).parent
COMMAND = [sys.executable, "-W", "error", "-m", "aiovideogen.sandbox"]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(Sandbox(job_seconds=0.0, file_seconds=0.0)) as server:
        yield server


@pytest.fixture
def http(served: Served) -> Iterator[httpx.Client]:
    served.sandbox.reset()
    headers = {"authorization": f"Bearer {served.key}"}
    with httpx.Client(base_url=served.url, headers=headers) as client:
        yield client


def test_a_job_from_start_to_download(http: httpx.Client) -> None:
    started = http.post("/v1/tools/generate-image", json={"prompt": "A harbour"})
    assert started.status_code == 202
    assert len(started.headers.get_list("date")) == 1
    shown = http.get(f"/v1/tools/executions/{started.json()['toolExecutionId']}").json()
    data = httpx.get(shown["results"][0]["downloadUrl"]).content
    assert data.startswith(b"\x89PNG")


def test_answers_do_not_wait_for_the_clients_acknowledgement(http: httpx.Client) -> None:
    http.get("/v1/me")
    begun = time.monotonic()
    for _ in range(50):
        http.get("/v1/me")
    # With Nagle's algorithm each takes 40 ms.
    assert time.monotonic() - begun < 1.5


def test_an_upload_of_many_chunks_and_a_ranged_download(http: httpx.Client, served: Served) -> None:
    made = http.post("/v1/files/upload", json={"displayName": "big.bin"}).json()
    chunk = bytes(range(256)) * 4096
    headers = {"content-length": str(len(chunk) * 8)}
    assert httpx.put(made["uploadUrl"], content=iter([chunk] * 8), headers=headers).status_code == 200
    info = http.post(f"/v1/files/{made['fileId']}/hydrate").json()
    assert httpx.get(info["downloadUrl"]).content == chunk * 8
    part = httpx.get(info["downloadUrl"], headers={"range": f"bytes={len(chunk)}-{len(chunk) + 9}"})
    assert (part.status_code, part.content) == (206, chunk[:10])
    assert served.sandbox.leaks == 0


def test_an_upload_without_a_length_is_411(http: httpx.Client) -> None:
    made = http.post("/v1/files/upload", json={"displayName": "big.bin"}).json()
    assert httpx.put(made["uploadUrl"], content=iter([b"x"])).status_code == 411


def test_a_broken_off_upload_leaves_nothing_behind(http: httpx.Client, served: Served) -> None:
    made = http.post("/v1/files/upload", json={"displayName": "big.bin"}).json()
    url = httpx.URL(made["uploadUrl"])
    folder = served.sandbox.state.folder()
    with socket.create_connection((url.host, url.port or 80)) as connection:
        target = url.raw_path.decode()
        connection.sendall(f"PUT {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nstart".encode())
        wait_until(lambda: any(folder.iterdir()))
    wait_until(lambda: not any(folder.iterdir()))
    assert served.sandbox.state.files[made["fileId"]].uploaded is None


def test_a_broken_off_download_stops_the_server_reading(http: httpx.Client, served: Served) -> None:
    made = http.post("/v1/files/upload", json={"displayName": "big.bin"}).json()
    assert httpx.put(made["uploadUrl"], content=bytes(20_000_000)).status_code == 200
    info = http.post(f"/v1/files/{made['fileId']}/hydrate").json()
    with httpx.stream("GET", info["downloadUrl"]) as response:
        next(response.iter_raw())
    assert http.get("/v1/me").status_code == 200
    assert served.sandbox.counts["storageGet"] == 1


def wait_until(condition: Any) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_drop_closes_the_connection_without_a_byte(http: httpx.Client, served: Served, drop: Any) -> None:
    assert http.get("/v1/me").status_code == 200
    served.sandbox.fail_next("generateText", drop=drop)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        http.post("/v1/text/generate", json={"prompt": "x"})
    assert served.sandbox.billed == (drop == "after")
    assert http.post("/v1/text/generate", json={"prompt": "x"}).status_code == 200


@pytest.mark.anyio
async def test_async_clients_on_any_loop_many_at_once(served: Served) -> None:
    headers = {"authorization": f"Bearer {served.key}"}
    statuses: list[int] = []
    async with httpx.AsyncClient(base_url=served.url, headers=headers) as client:

        async def call() -> None:
            statuses.append((await client.post("/v1/tools/generate-image", json={"prompt": "x"})).status_code)

        async with anyio.create_task_group() as group:
            for _ in range(50):
                group.start_soon(call)
    assert statuses == [202] * 50


def test_serve_stops_and_leaves_neither_thread_nor_socket() -> None:
    before = threading.active_count()
    with serve(Sandbox(key="k")) as server:
        assert server.key == "k"
        assert httpx.get(server.url + "/v1/me", headers={"authorization": "Bearer k"}).status_code == 200
        port = httpx.URL(server.url).port
    assert threading.active_count() == before
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)
    with serve(Sandbox(), port=port or 0) as again:
        assert httpx.URL(again.url).port == port


def test_serve_stops_with_a_connection_still_open() -> None:
    with httpx.Client() as client, serve(Sandbox()) as server:
        client.get(server.url)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "::"])
def test_only_loopback_is_served(host: str) -> None:
    with pytest.raises(ValueError, match=re.escape(host)), serve(Sandbox(), host=host):
        pass


def test_other_loopback_names() -> None:
    for host in ("localhost", "127.0.0.2", "::1"):
        try:
            with serve(Sandbox(), host=host) as server:
                assert httpx.get(server.url).status_code == 404
        except OSError:
            assert host == "::1", "only IPv6 may be missing"


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(FOLDER.parent.parent)}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_command_line(how: signal.Signals) -> None:
    options = ["--port", "0", "--key", "mine", "--job-seconds", "0", "--seed", "5"]
    with subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(3)]
        assert lines[1:] == ["VIDEOGEN_API_KEY=mine", "ready"]
        url = lines[0].removeprefix("VIDEOGEN_BASE_URL=")
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", url)
        with httpx.Client(base_url=url, headers={"authorization": "Bearer mine"}) as client:
            started = client.post("/v1/tools/generate-music", json={"prompt": "x"}).json()
            shown = client.get(f"/v1/tools/executions/{started['toolExecutionId']}").json()
            assert shown["status"] == "succeeded"
            process.send_signal(how)
            out, errors = process.communicate(timeout=10)
    assert (process.returncode, out, errors) == (0, "", "")


def test_the_command_line_refuses_what_it_cannot_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", "0.0.0.0"]) == 2
    assert "loopback" in capsys.readouterr().err
    assert main(["--port", "99999999"]) == 2
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["--port", str(taken.getsockname()[1])]) == 2
    assert "Can't serve" in capsys.readouterr().err


def test_a_missing_dependency_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    assert main([]) == 2
    error = capsys.readouterr().err
    assert "av" in error
    assert 'pip install "aiovideogen[sandbox]"' in error


def test_it_starts_without_loading_what_it_may_not_need() -> None:
    code = (
        "import sys, aiovideogen.sandbox as s; s.Sandbox();"
        "print(sorted({'PIL', 'av', 'jsonschema', 'uvicorn', 'asyncio', 'trio'} & set(sys.modules)))"
    )
    # The package around it may load more: so it runs alone, as when vendored.
    code = code.replace("aiovideogen.sandbox as s", "sandbox as s")
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=FOLDER.parent)
    assert result.stdout.strip() == "[]"


def test_the_folder_works_under_another_name(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "other" / "fake", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(FOLDER.parent / "openapi.yaml", tmp_path / "other")
    code = "from other.fake import Sandbox; print(len(Sandbox()._spec.operations))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert result.stdout.strip() == "63"


def test_it_imports_nothing_of_the_package_and_no_event_loop() -> None:
    # Loops of their own, a client's transport and fixtures are these modules' very matter, and sending messages is
    # what one needs a client for; nothing of the sandbox itself loads them.
    apart = {"_in_process.py", "_virtual.py", "pytest_plugin.py", "_sending.py"}
    for path in FOLDER.glob("*.py"):
        source = path.read_text()
        foreign = re.search(r"^\s*(from \.\.|(from|import) (aiovideogen|asyncio|trio|httpx))", source, re.MULTILINE)
        assert path.name in apart or not foreign, path
        assert len(source.splitlines()) <= 400, path
