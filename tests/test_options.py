"""Limits per client and per call, and the budget of a whole call, on virtual time and over real sockets."""

from __future__ import annotations

import logging
import socket
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from aiovideogen import (
    Accepted,
    ConfigurationError,
    ConnectionFailedError,
    OutcomeUnknownError,
    RateLimitError,
    ServerError,
    Timeouts,
    VideoGen,
)
from aiovideogen._options import Options
from aiovideogen.sandbox import FaultRule, Sandbox, VirtualTime, in_process
from aiovideogen.sandbox.faults import Refuse

from .conftest import Reply, Scripted, raw_server
from .test_calls import Slow, server_clock

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.anyio

ME = Reply.json({"apiKeyId": "vg_key_1", "teamId": "vg_team_1", "email": "me@a.test"})
STARTED = Reply.json({"toolExecutionId": "vg_tool_1"}, 202)


def noted(seen: list[str]) -> Callable[[Accepted[Any]], None]:
    """Return a hook that writes the ids down."""
    return lambda accepted: seen.append(accepted.id)


def busy(status: int = 503, **headers: str) -> Reply:
    return Reply.json({"message": "m"}, status, **headers)


# -- values -----------------------------------------------------------------------------------------------------


def test_a_number_is_for_every_step_and_connecting_takes_ten_seconds_at_most() -> None:
    assert Timeouts.of(60.0) == Timeouts() == Timeouts(connect=10, read=60, write=60, pool=60)
    assert Timeouts.of(2) == Timeouts(connect=2, read=2, write=2, pool=2)
    assert Timeouts.of(None) == Timeouts(connect=10, read=None, write=None, pool=None)
    assert Timeouts.of(Timeouts(read=5)).read == 5


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), "60", True, [1]])
def test_what_is_no_limit_is_refused(wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="timeout: expected seconds above 0"):
        VideoGen(api_key="k", timeout=wrong)
    with pytest.raises(ConfigurationError, match="total_timeout: expected seconds above 0"):
        VideoGen(api_key="k", total_timeout=wrong)
    with pytest.raises(ConfigurationError, match="read: expected seconds above 0"):
        Timeouts(read=wrong)


@pytest.mark.parametrize("wrong", [-1, True, None, "2", 1.5])
def test_what_is_no_number_of_retries_is_refused(wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="retries: expected a number from 0"):
        VideoGen(api_key="k").with_options(retries=wrong)


def test_options_change_only_what_is_given() -> None:
    options = Options.of(Timeouts(read=5, pool=None), 2, 30)
    unset = VideoGen(api_key="k", timeout=Timeouts(read=5, pool=None), total_timeout=30)
    assert unset.with_options()._calls.options == options  # pyright: ignore[reportPrivateUsage]
    changed = unset.with_options(timeout=1, retries=0, total_timeout=None)
    assert changed._calls.options == Options.of(1, 0, None)  # pyright: ignore[reportPrivateUsage]


class TestOnVirtualTime:
    @pytest.fixture
    def anyio_backend(self, virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
        return virtual_backend

    # -- the steps ----------------------------------------------------------------------------------------------

    async def test_every_step_has_its_limit_per_client_and_per_call(self) -> None:
        seen: list[dict[str, float | None]] = []

        async def note(request: httpx.Request) -> httpx.Response:
            seen.append(request.extensions["timeout"])
            return httpx.Response(200, content=ME.body)

        http = httpx.AsyncClient(transport=httpx.MockTransport(note))
        vg = VideoGen(api_key="k", base_url="http://127.0.0.1:1", http_client=http, timeout=Timeouts(write=7))
        await vg.account.get_me()
        await vg.with_options(timeout=3).account.get_me()
        await vg.account.get_me()
        mine = {"connect": 10.0, "read": 60.0, "write": 7.0, "pool": 60.0}
        assert seen == [mine, dict.fromkeys(mine, 3.0), mine]

    async def test_a_pool_that_has_no_connection_free_ends_the_call_and_not_for_nothing(self) -> None:
        http = httpx.AsyncClient(transport=in_process(Scripted(Reply(200, ME.body, seconds=100)), connections=1))
        vg = VideoGen(api_key="k", base_url="http://127.0.0.1:1", http_client=http, retries=0)
        began = anyio.current_time()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(vg.with_options(timeout=1000).account.get_me)
            await anyio.sleep(1)
            with pytest.raises(ConnectionFailedError, match=r"no connection .PoolTimeout"):
                await vg.with_options(timeout=Timeouts(pool=5)).tools.generate_image(prompt="x")
            assert anyio.current_time() - began == pytest.approx(6)

    # -- a client with other options ----------------------------------------------------------------------------

    async def test_retries_are_those_of_the_call(self) -> None:
        server = Scripted(busy())
        vg = server.client(retries=1)
        for client, tries in ((vg, 2), (vg.with_options(retries=0), 1), (vg.with_options(retries=4), 5)):
            before = len(server.asked)
            with pytest.raises(ServerError):
                await client.account.get_me()
            assert len(server.asked) - before == tries

    async def test_a_client_with_other_options_shares_limits_ids_hooks_and_waits(self, virtual: VirtualTime) -> None:
        limits = {"GET /v1/projects, GET /v1/projects/{id}": 1}
        sandbox = Sandbox(rate_limits=limits, rate_window=30 * 86_400, clock=virtual.clock)  # it won't turn meanwhile
        told: list[str] = []
        http = httpx.AsyncClient(transport=in_process(sandbox))
        vg = VideoGen(
            api_key=sandbox.key,
            base_url="http://127.0.0.1:1",
            http_client=http,
            on_accepted=lambda accepted: told.append(accepted.id),
        )
        other = vg.with_options(total_timeout=5).with_options(retries=0)
        assert (other.base_url, repr(other)) == (vg.base_url, repr(vg))
        await vg.projects.list_projects()
        with pytest.raises(RateLimitError, match="not sent"):
            await other.projects.list_projects()
        assert other.rate_limits == vg.rate_limits
        started = await other.tools.generate_image(prompt="x")
        assert told == [started.id]
        assert (await other.wait_for(started)).tool_execution_id == started.id
        assert (await vg.wait_for(started)).tool_execution_id == started.id

    # -- the budget ---------------------------------------------------------------------------------------------

    async def test_a_pause_that_does_not_fit_is_not_begun(self) -> None:
        server = Scripted(busy(503, **{"retry-after": "20"}))
        began = anyio.current_time()
        with pytest.raises(ServerError, match="503"):
            await server.client(total_timeout=15).account.get_me()
        assert anyio.current_time() == began
        assert len(server.asked) == 1

    async def test_a_pause_that_fits_is_made_and_the_next_that_does_not_is_not(self) -> None:
        server = Scripted(busy(503, **{"retry-after": "20"}))
        began = anyio.current_time()
        with pytest.raises(ServerError, match="503"):
            await server.client(total_timeout=30, retries=9).account.get_me()
        assert anyio.current_time() - began == pytest.approx(20)
        assert len(server.asked) == 2

    async def test_a_start_refused_for_longer_than_is_left_is_a_rate_limit(self) -> None:
        server = Scripted(busy(429, **{"retry-after": "20"}))
        began = anyio.current_time()
        vg = server.client(total_timeout=15)
        for _ in range(2):  # the second isn't even sent: what the first was told holds for all
            with pytest.raises(RateLimitError) as caught:
                await vg.tools.generate_image(prompt="x")
            assert caught.value.retry_after == pytest.approx(20, abs=0.1)
        assert anyio.current_time() == began
        assert len(server.asked) == 1

    async def test_a_read_under_way_ends_with_the_budget(self) -> None:
        server = Scripted(Reply(200, ME.body, seconds=100))
        began = anyio.current_time()
        with pytest.raises(
            ConnectionFailedError, match=r"getMe: no answer \(total_timeout of 7\.0 s was over\); allow"
        ):
            await server.client(total_timeout=7).account.get_me()
        assert anyio.current_time() - began == pytest.approx(7)

    async def test_tries_and_pauses_share_the_budget(self) -> None:
        server = Scripted(Reply(503, b"{}", {"retry-after": "2"}, seconds=3))
        began = anyio.current_time()
        with pytest.raises(ConnectionFailedError, match="total_timeout of 12"):
            await server.client(total_timeout=12, retries=9).account.get_me()
        assert anyio.current_time() - began == pytest.approx(12)
        assert len(server.asked) == 3

    async def test_calls_wait_for_a_place_within_their_budget(self) -> None:
        server = Scripted(Reply(200, ME.body, seconds=100))
        vg = server.client()
        async with anyio.create_task_group() as tasks:
            for _ in range(8):
                tasks.start_soon(vg.account.get_me)
            await anyio.sleep(0.1)
            for call in (vg.with_options(total_timeout=5).account.get_me, self.start(vg.with_options(total_timeout=5))):
                began = anyio.current_time()
                with pytest.raises(ConnectionFailedError, match="total_timeout of 5"):
                    await call()
                assert anyio.current_time() - began == pytest.approx(5)
            tasks.cancel_scope.cancel()
        assert len(server.asked) == 8

    def start(self, vg: VideoGen) -> Callable[[], Any]:
        return lambda: vg.tools.generate_image(prompt="x")

    async def test_an_id_that_arrives_soon_after_the_budget_is_the_result(self) -> None:
        sandbox, slow = self.slow(after=9.0)
        started = await self.client(sandbox, slow, total_timeout=5).tools.generate_image(prompt="x")
        assert sandbox.billed == 1
        assert started.id.startswith("vg_tool_")

    async def test_a_start_that_does_not_answer_in_time_is_of_unknown_outcome(self) -> None:
        sandbox, slow = self.slow(after=30.0)
        began = anyio.current_time()
        with pytest.raises(OutcomeUnknownError, match=r"generateImage: the answer was lost .total_timeout of 5"):
            await self.client(sandbox, slow, total_timeout=5).tools.generate_image(prompt="x")
        assert anyio.current_time() - began == pytest.approx(10)
        assert sandbox.billed == 1

    async def test_a_start_that_never_left_is_no_unknown_outcome(self) -> None:
        sandbox, slow = self.slow(before=30.0)
        began = anyio.current_time()
        with pytest.raises(ConnectionFailedError, match=r"no connection .total_timeout of 5"):
            await self.client(sandbox, slow, total_timeout=5).tools.generate_image(prompt="x")
        assert anyio.current_time() - began == pytest.approx(5)
        await anyio.sleep(60)
        assert sandbox.billed == 0

    async def test_a_transport_that_shows_no_steps_may_have_sent_it(self) -> None:
        """Neither a cancellation nor the budget may take it for never sent."""
        server = Scripted(Reply(202, STARTED.body, seconds=4))
        vg = server.client()
        began = anyio.current_time()
        seen: list[str] = []
        noting = server.client(on_accepted=noted(seen))
        with anyio.move_on_after(1) as scope:
            await noting.tools.generate_image(prompt="x")
        assert scope.cancelled_caught
        assert (seen, anyio.current_time() - began) == (["vg_tool_1"], pytest.approx(4))
        assert (await vg.with_options(total_timeout=1).tools.generate_image(prompt="x")).id == "vg_tool_1"
        server.replies = [Reply(202, STARTED.body, seconds=40)]
        with pytest.raises(OutcomeUnknownError):
            await vg.with_options(total_timeout=1).tools.generate_image(prompt="x")

    async def test_a_caller_that_is_cancelled_while_a_start_finishes_beyond_its_budget_loses_no_id(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        sandbox, slow = self.slow(after=9.0)
        seen: list[str] = []
        vg = self.client(sandbox, slow, total_timeout=5, on_accepted=noted(seen))
        with anyio.move_on_after(7) as scope:
            await vg.tools.generate_image(prompt="x")
        assert scope.cancelled_caught
        assert sandbox.billed == len(seen) == 1
        assert f"accepted as {seen[0]} while its caller was cancelled" in caplog.text

    async def test_waiting_for_the_rate_limit_counts_too(self) -> None:
        limits = {"GET /v1/projects, GET /v1/projects/{id}": 3}
        sandbox = Sandbox(rate_limits=limits, rate_window=60, clock=server_clock)
        vg = self.client(sandbox, Slow(sandbox), total_timeout=70)
        for _ in range(3):
            await vg.projects.list_projects()
        began = anyio.current_time()
        ended: list[tuple[str, float]] = []

        async def one() -> None:
            what = "listed"
            try:
                await vg.projects.list_projects()
            except RateLimitError:
                what = "refused"
            ended.append((what, anyio.current_time() - began))

        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(one)
        assert sorted(what for what, _ in ended) == ["listed"] * 3 + ["refused"] * 2
        assert all(59 < when < 62 for _, when in ended), "at the turn it is known that another minute doesn't fit"
        began = anyio.current_time()
        with pytest.raises(RateLimitError, match="not sent"):
            await vg.with_options(total_timeout=10).projects.list_projects()
        assert anyio.current_time() == began

    async def test_who_stands_in_line_when_the_limit_is_moved_leaves_it_in_time(self) -> None:
        """The wait looked short enough; then an answer told of a later turn."""
        server = Scripted(Reply.json({"projects": [], "hasMore": False, "nextCursor": None}))
        turn = {"x-ratelimit-limit": "2", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "50"}
        first = Reply(200, server.replies[0].body, turn)
        held = Reply(200, server.replies[0].body, {**turn, "x-ratelimit-reset": "500"}, seconds=20)
        server.replies = [held, first, *server.replies]
        vg = server.client(total_timeout=60)
        ended: list[float] = []

        async def listed() -> None:
            await vg.with_options(total_timeout=None).projects.list_projects()
            ended.append(anyio.current_time() - began)

        async def refused() -> None:
            with pytest.raises(RateLimitError, match="after the caller's deadline") as caught:
                await vg.projects.list_projects()
            assert caught.value.retry_after == pytest.approx(460, abs=2)
            ended.append(anyio.current_time() - began)

        began = anyio.current_time()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(listed)
            await anyio.sleep(1)
            await vg.projects.list_projects()
            tasks.start_soon(listed)
            await anyio.sleep(0.1)
            tasks.start_soon(refused)
        assert ended == [pytest.approx(when, abs=1) for when in (20, 61, 520)]

    async def test_who_stands_in_line_goes_on_as_soon_as_an_answer_tells_of_more_room(
        self, virtual: VirtualTime
    ) -> None:
        sandbox = Sandbox(clock=virtual.clock, rate_limits={"generateImage": 100_000})
        async with httpx.AsyncClient(transport=in_process(sandbox)) as http:
            vg = VideoGen(api_key=sandbox.key, base_url="http://127.0.0.1:1", http_client=http)
            began = anyio.current_time()
            async with anyio.create_task_group() as tasks:
                for _ in range(510):
                    tasks.start_soon(partial(vg.tools.generate_image, prompt="x"))
        assert sandbox.billed == 510
        assert anyio.current_time() - began < 60, "the documented limit is 500 an hour"

    async def test_what_never_left_takes_nothing_off_the_limit(self, virtual: VirtualTime) -> None:
        sandbox = Sandbox(clock=virtual.clock)
        sandbox.add_fault(FaultRule("generateImage", Refuse(), times=600))
        async with httpx.AsyncClient(transport=in_process(sandbox)) as http:
            vg = VideoGen(api_key=sandbox.key, base_url="http://127.0.0.1:1", http_client=http, retries=0)
            for _ in range(600):
                with pytest.raises(ConnectionFailedError):
                    await vg.tools.generate_image(prompt="x")
            with anyio.fail_after(1):
                await vg.tools.generate_image(prompt="x")

    async def test_a_key_that_is_asked_for_is_waited_for_within_the_budget(self) -> None:
        async def ask() -> str:
            await anyio.sleep(100)
            return "k"

        server = Scripted(ME)
        with pytest.raises(ConnectionFailedError, match="getMe: not sent: total_timeout was over before api_key"):
            await server.client(api_key=ask, total_timeout=5).account.get_me()
        assert server.asked == []
        assert (await server.client(api_key=ask).account.get_me()).email

    async def test_a_new_key_costs_no_retry(self) -> None:
        keys = iter(["old", "new"])

        async def ask() -> str:
            return next(keys)

        server = Scripted(busy(401), busy(503), ME)
        assert (await server.client(api_key=ask, retries=1).account.get_me()).email
        assert [one.headers["authorization"] for one in server.asked] == ["Bearer old", "Bearer new", "Bearer new"]

    def slow(self, *, before: float = 0.0, after: float = 0.0) -> tuple[Sandbox, Slow]:
        sandbox = Sandbox()
        slow = Slow(sandbox)
        slow.before, slow.after = before, after
        return sandbox, slow

    def client(self, sandbox: Sandbox, slow: Slow, **options: Any) -> VideoGen:
        http = httpx.AsyncClient(transport=slow)
        return VideoGen(api_key=sandbox.key, base_url="http://127.0.0.1:1", http_client=http, **options)


# -- over real sockets ------------------------------------------------------------------------------------------


async def test_closing_a_client_with_other_options_closes_nothing_of_the_first(
    served: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "httpcore.connection")
    async with VideoGen(api_key=served.key, base_url=served.url) as vg:
        await vg.account.get_me()
        async with vg.with_options(retries=0) as other:
            await other.account.get_me()
        await vg.account.get_me()
    assert caplog.text.count("connect_tcp.started") == 1


async def test_a_server_that_never_answers_is_given_up_after_the_read_timeout() -> None:
    with raw_server(None) as (url, _):
        async with VideoGen(api_key="k", base_url=url, timeout=0.1, retries=0) as vg:
            with pytest.raises(ConnectionFailedError, match="ReadTimeout"):
                await vg.account.get_me()
    with raw_server(None) as (url, _):
        async with VideoGen(api_key="k", base_url=url, retries=0) as vg:
            with pytest.raises(OutcomeUnknownError, match="ReadTimeout"):
                await vg.with_options(timeout=Timeouts(read=0.1)).tools.generate_image(prompt="x")


async def test_a_start_that_can_not_connect_in_time_was_never_sent() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        async with VideoGen(api_key="k", base_url=url, timeout=0.1, retries=0) as vg:
            with pytest.raises(ConnectionFailedError, match=r"no connection .ConnectTimeout"):
                await vg.tools.generate_image(prompt="x")
        for one in waiting:
            one.close()


async def test_a_budget_ends_a_start_over_a_real_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiovideogen._finish.FINISH_SECONDS", 0.1)
    with raw_server(None) as (url, got):
        async with VideoGen(api_key="k", base_url=url, total_timeout=0.1) as vg:
            with pytest.raises(OutcomeUnknownError, match="total_timeout"):
                await vg.tools.generate_image(prompt="x")
    assert len(got) == 1
