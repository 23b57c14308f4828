"""Faults, restarts and webhooks over real sockets."""

from __future__ import annotations

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from aiovideogen.sandbox import FaultRule, Sandbox, serve
from aiovideogen.sandbox.faults import Chunked, Delay, Drip, Drop, InvalidJson, Refuse, Reset, Restart, Status, Truncate

from .receivers import Got, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiovideogen.sandbox import Served
    from aiovideogen.sandbox.faults import Action

IMAGES = "/v1/tools/generate-image"
GONE = (httpx.RemoteProtocolError, httpx.ReadError)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(Sandbox(job_seconds=0.0, file_seconds=0.0, webhook_backoff=0.02)) as server:
        yield server


@pytest.fixture
def http(served: Served) -> Iterator[httpx.Client]:
    served.sandbox.reset()
    headers = {"authorization": f"Bearer {served.key}"}
    with httpx.Client(base_url=served.url, headers=headers, timeout=5) as client:
        yield client


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.parametrize("action", [Refuse(), Drop(), Drop("after"), Reset(), Reset(after_bytes=0), Restart()])
def test_a_connection_breaks_and_the_next_one_holds(http: httpx.Client, served: Served, action: Action) -> None:
    served.sandbox.add_fault(FaultRule("getMe", action, nth=2))
    assert http.get("/v1/me").status_code == 200
    with pytest.raises(GONE):
        http.get("/v1/me")
    assert http.get("/v1/me").status_code == 200


def test_a_reset_answer_arrives_as_far_as_told(http: httpx.Client, served: Served) -> None:
    made = http.post("/v1/files/upload", json={"displayName": "big.bin"}).json()
    http.put(made["uploadUrl"], content=bytes(3_000_000), headers={"authorization": ""})
    url = http.post(f"/v1/files/{made['fileId']}/hydrate").json()["downloadUrl"]
    served.sandbox.add_fault(FaultRule("storageGet", Reset(after_bytes=2_000_001), times=1))
    sizes: list[int] = []
    with httpx.stream("GET", url) as response, pytest.raises(GONE):
        sizes.extend(map(len, response.iter_raw()))
    assert sum(sizes) == 2_000_001
    assert len(httpx.get(url).content) == 3_000_000


def test_a_delayed_call_takes_effect_though_nobody_waits(http: httpx.Client, served: Served) -> None:
    served.sandbox.add_fault(FaultRule("once", Delay(0.15)))
    served.sandbox.add_fault(FaultRule("read", Delay(10)))
    with pytest.raises(httpx.ReadTimeout):
        http.post(IMAGES, json={"prompt": "x"}, timeout=0.05)
    assert served.sandbox.billed == 0
    wait_until(lambda: served.sandbox.billed)
    with pytest.raises(httpx.ReadTimeout):
        http.get("/v1/me", timeout=0.05)


def test_bodies_that_drip_come_in_chunks_or_are_broken(http: httpx.Client, served: Served) -> None:
    whole = http.get("/v1/me").content
    for action in (Drip(20_000), Chunked(16)):
        served.sandbox.add_fault(FaultRule("getMe", action, times=1))
        assert http.get("/v1/me").content == whole
    served.sandbox.add_fault(FaultRule("getMe", Chunked(16), times=1))
    assert http.get("/v1/me").headers["transfer-encoding"] == "chunked"
    served.sandbox.add_fault(FaultRule("getMe", Truncate(), times=1))
    assert http.get("/v1/me").content == whole[: len(whole) // 2]
    served.sandbox.add_fault(FaultRule("getMe", InvalidJson(), times=1))
    assert http.get("/v1/me").content == b'{"status": undefined,}'
    served.sandbox.add_fault(FaultRule("getMe", Status(524, "<html>"), times=1))
    assert http.get("/v1/me").status_code == 524


def test_a_drip_is_slow_and_a_client_may_give_it_up(http: httpx.Client, served: Served) -> None:
    served.sandbox.add_fault(FaultRule("getMe", Drip(10)))
    with pytest.raises(httpx.ReadTimeout):
        http.get("/v1/me", timeout=0.05)
    assert http.get("/v1/files").status_code == 200


def test_a_restart_from_another_thread_breaks_all_off_and_refuses_for_a_while(
    http: httpx.Client, served: Served
) -> None:
    served.sandbox.add_fault(FaultRule("getFiles", Delay(30)))
    assert http.get("/v1/me").status_code == 200
    failures: list[Exception] = []

    def ask() -> None:
        try:
            httpx.get(f"{served.url}/v1/files", timeout=5)
        except httpx.HTTPError as error:
            failures.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    wait_until(lambda: served.sandbox.counts["getFiles"])
    served.sandbox.restart(0.1)
    thread.join(5)
    assert isinstance(failures[0], GONE)
    with pytest.raises(GONE):
        http.get("/v1/me")
    wait_until(lambda: _answers(http))


def _answers(http: httpx.Client) -> bool:
    try:
        return http.get("/v1/me").status_code == 200
    except GONE:
        return False


def test_a_restart_over_http_answers_and_spares_nobody_else(http: httpx.Client, served: Served) -> None:
    http.get("/v1/me")
    http.post(IMAGES, json={"prompt": "x"})
    answer = httpx.post(f"{served.url}/_sandbox/restart", json={"lose_state": True})
    assert answer.json() == {"ok": True}
    wait_until(lambda: _answers(http))
    assert http.get("/v1/tools/executions").json()["toolExecutions"] == []


def test_it_stops_at_once_with_requests_held_up() -> None:
    sandbox = Sandbox()
    sandbox.add_fault(FaultRule("*", Delay(60)))
    with serve(sandbox) as server:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{server.url}/v1/me", timeout=0.05)
        began = time.monotonic()
    assert time.monotonic() - began < 1


class Receiver:
    """A receiver on a real socket."""

    def __init__(self, *statuses: int) -> None:
        statuses_left = list(statuses)
        self.got: list[Got] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = statuses_left.pop(0) if statuses_left else 200
                self.send_response(status)
                self.end_headers()
                outer.got.append(Got(self.path, headers, body))

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def __enter__(self) -> Receiver:
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def register(http: httpx.Client, url: str, *events: str) -> str:
    made = http.post("/v1/webhooks/endpoints", json={"url": url, "events": events})
    assert made.status_code == 201, made.text
    return made.json()["signingSecret"]


def test_a_server_delivers_by_itself_to_a_receiver_on_this_machine(http: httpx.Client, served: Served) -> None:
    with Receiver(503) as receiver:
        secret = register(http, receiver.url, "tool_execution.succeeded")
        started = http.post(IMAGES, json={"prompt": "x"}).json()
        wait_until(lambda: len(served.sandbox.deliveries) == 2)
    first, second = receiver.got
    assert (first.path, first.id, first.body) == ("/hook", second.id, second.body)
    assert first.event["toolExecutionId"] == started["toolExecutionId"]
    for got in receiver.got:
        verify(got, secret, int(got.headers["webhook-timestamp"]))
    assert httpx.get(first.event["results"][0]["downloadUrl"]).content.startswith(b"\x89PNG")
    shown = http.get("/_sandbox/webhooks").json()["deliveries"]
    assert [(item["attempt"], item["status"]) for item in shown] == [(1, 503), (2, 200)]


def test_a_jump_of_the_clock_from_another_thread_is_noticed(http: httpx.Client, served: Served) -> None:
    with Receiver() as receiver:
        register(http, receiver.url, "file.download_ready")
        served.sandbox.add_fault(FaultRule("*", Delay(0)))
        made = http.post("/v1/files/upload", json={"displayName": "x.txt"}).json()
        httpx.put(made["uploadUrl"], content=b"x")
        served.sandbox.jump_clock(3600)
        wait_until(lambda: receiver.got)


def test_a_receiver_that_never_answers_is_given_up_and_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, serve(Sandbox(job_seconds=0, webhook_ack=0.05)) as server:
        with httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {server.key}"}) as http:
            register(http, f"http://localhost:{silent.getsockname()[1]}/", "tool_execution.succeeded")
            http.post(IMAGES, json={"prompt": "x"})
            wait_until(lambda: server.sandbox.deliveries)
        (only,) = server.sandbox.deliveries
        assert (only.status, only.note) == (None, "no answer within 0.05 s")
        assert [item.attempt for item in server.sandbox.outbox.waiting] == [1]


def test_a_receiver_that_is_not_there_is_tried_again(http: httpx.Client, served: Served) -> None:
    with Receiver() as receiver:
        url = receiver.url
    register(http, url, "tool_execution.succeeded")
    http.post(IMAGES, json={"prompt": "x"})
    wait_until(lambda: len(served.sandbox.deliveries) >= 2)
    assert {(item.status, "ConnectError" in item.note) for item in served.sandbox.deliveries} == {(None, True)}
