"""The example web app, run as people run it: over real sockets, against a sandbox, stopped and started again."""

from __future__ import annotations

import signal
import stat
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from aiovideogen.sandbox import JobScript, Sandbox, serve
from aiovideogen.sandbox.faults import Delay, FaultRule, MissingField, Status
from tests.webapp import WebApp, eventually, jobs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(job_seconds=0.3, webhook_backoff=0.2)


@pytest.fixture
def make_app(sandbox: Sandbox, tmp_path: Path) -> Generator[Callable[..., WebApp]]:
    """Make the app, started, with its sandbox behind it."""
    made: list[WebApp] = []
    with serve(sandbox) as served:

        def make(*, webhooks: bool = True, registered: bool = True) -> WebApp:
            made.append(WebApp(served, tmp_path, webhooks=webhooks))
            made[-1].start(registered=registered)
            return made[-1]

        yield make
        for app in made:
            app.close()


def asked(sandbox: Sandbox, operation: str) -> int:
    return sum(name == operation for _, name, _ in sandbox.requests)


def delivered(sandbox: Sandbox) -> bool:
    """Say whether the app has taken a webhook."""
    return any(delivery.status == 204 for delivery in sandbox.deliveries)


def picture(app: WebApp, job: dict[str, Any]) -> bytes:
    response = httpx.get(f"{app.url}/pictures/{job['id']}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/png"
    return response.content


def test_a_picture_is_made_while_the_page_watches(make_app: Callable[..., WebApp], sandbox: Sandbox) -> None:
    app = make_app()
    with app.events() as events:
        assert next(events) == ("all", [])
        job = app.ask("  A harbour  ")
        states: list[str] = []
        while states[-1:] != ["ready"]:
            name, told = next(events)
            assert (name, told["id"], told["prompt"]) == ("job", job["id"], "A harbour")
            states.append(told["state"])
    assert list(dict.fromkeys(states)) == ["starting", "making", "ready"]
    assert picture(app, job).startswith(PNG)
    eventually(lambda: delivered(sandbox))
    assert app.ended(job["id"])["progress"] == 100, "whoever comes later sees it too"
    (app.data / "pictures" / job["id"]).unlink()
    assert httpx.get(f"{app.url}/pictures/{job['id']}").status_code == 404


def test_without_webhooks_the_app_looks_for_itself(make_app: Callable[..., WebApp], sandbox: Sandbox) -> None:
    app = make_app(webhooks=False)
    assert app.ended(app.ask("A harbour")["id"])["state"] == "ready"
    assert asked(sandbox, "createWebhookEndpoint") == 0
    assert httpx.post(f"{app.url}/webhooks/videogen").status_code == 503


def test_where_no_endpoint_can_be_registered_the_app_still_works(
    make_app: Callable[..., WebApp], sandbox: Sandbox
) -> None:
    sandbox.fail_next("listWebhookEndpoints", status=403)
    app = make_app(registered=False)
    assert app.ended(app.ask("A harbour")["id"])["state"] == "ready"
    assert asked(sandbox, "createWebhookEndpoint") == 0
    assert "no webhooks yet" in app.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("kill", [False, True])
def test_a_restart_in_the_middle_collects_the_picture_once(
    make_app: Callable[..., WebApp], sandbox: Sandbox, kill: bool
) -> None:
    sandbox.script_job(JobScript(seconds=1.5))
    app = make_app()
    job = app.ask("A harbour")
    app.until(job["id"], "making")
    app.stop(kill=kill)
    app.start()
    assert app.ended(job["id"])["state"] == "ready"
    assert picture(app, job).startswith(PNG)
    assert (sandbox.billed, asked(sandbox, "storageGet")) == (1, 1)
    assert asked(sandbox, "createWebhookEndpoint") == 1, "the secret was kept"


def test_what_ended_while_the_app_was_down_is_collected(make_app: Callable[..., WebApp], sandbox: Sandbox) -> None:
    app = make_app()
    job = app.ask("A harbour")
    app.until(job["id"], "making")
    app.stop()
    eventually(lambda: sandbox.deliveries)
    app.start()
    assert app.ended(job["id"])["state"] == "ready"
    assert sandbox.billed == 1


def test_a_start_that_was_cut_off_is_not_repeated(make_app: Callable[..., WebApp], sandbox: Sandbox) -> None:
    sandbox.add_fault(FaultRule("generateImage", Delay(5, after=True)))
    app = make_app()
    job = app.ask("A harbour")
    eventually(lambda: sandbox.billed)
    app.stop(kill=True)
    app.start()
    told = app.ended(job["id"])
    assert told["state"] == "unknown"
    assert "It isn't known whether VideoGen took this prompt" in told["note"]
    assert sandbox.billed == 1


def test_a_polite_stop_keeps_a_start_that_is_on_its_way(make_app: Callable[..., WebApp], sandbox: Sandbox) -> None:
    sandbox.add_fault(FaultRule("generateImage", Delay(1, after=True)))
    app = make_app()
    job = app.ask("A harbour")
    eventually(lambda: sandbox.billed)
    app.stop()
    app.start()
    assert app.ended(job["id"])["state"] == "ready"
    assert sandbox.billed == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (FaultRule("storageGet", Status(503)), "The picture can't be fetched just now"),
        (FaultRule("getToolExecutionInfo", MissingField("results")), "Something broke in this app."),
    ],
)
def test_a_picture_that_can_not_be_fetched_is_not_given_up(
    make_app: Callable[..., WebApp], sandbox: Sandbox, fault: FaultRule, words: str
) -> None:
    sandbox.add_fault(fault)
    app = make_app(webhooks=False)
    job = app.ask("A harbour")
    with app.events() as events:
        told = next(told for told in jobs_of(events) if told["note"])
    assert words in told["note"]
    assert told["state"] == "making"
    app.stop()
    sandbox.clear_faults()
    app.start()
    told = app.ended(job["id"])
    assert (told["state"], told["note"]) == ("ready", "")
    assert picture(app, job).startswith(PNG)
    assert sandbox.billed == 1


def test_a_stop_ends_open_streams(make_app: Callable[..., WebApp]) -> None:
    app = make_app()
    with app.events() as events:
        assert next(events) == ("all", [])
        assert app.stop() == -signal.SIGTERM
        assert list(events) == [], "the stream has come to its proper end"
    log = app.log.read_text(encoding="utf-8")
    assert "Application shutdown complete" in log
    assert "ERROR" not in log, log


def test_the_secret_is_only_where_it_must_be(make_app: Callable[..., WebApp], sandbox: Sandbox) -> None:
    app = make_app()
    (endpoint,) = sandbox.state.endpoints.values()
    database = app.data / "app.sqlite3"
    assert endpoint.secret.encode() in database.read_bytes()
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert endpoint.url == f"{app.url}/webhooks/videogen"
    assert "whsec" not in app.log.read_text(encoding="utf-8")


def test_a_lost_database_gets_a_new_secret(make_app: Callable[..., WebApp], sandbox: Sandbox) -> None:
    app = make_app()
    (old,) = sandbox.state.endpoints
    app.stop()
    (app.data / "app.sqlite3").unlink()
    app.start()
    eventually(lambda: asked(sandbox, "deleteWebhookEndpoint"))
    (new,) = sandbox.state.endpoints
    assert new != old
    assert app.ended(app.ask("A harbour")["id"])["state"] == "ready"
    eventually(lambda: delivered(sandbox))


# -- what people read and write ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[WebApp, Sandbox]]:
    """An app without webhooks, and its sandbox, which is as new for each test."""
    sandbox = Sandbox(job_seconds=0.1)
    with serve(sandbox) as served:
        app = WebApp(served, tmp_path_factory.mktemp("app"), webhooks=False)
        app.start()
        yield app, sandbox
        app.close()


def run_out_of_credits(sandbox: Sandbox) -> None:
    sandbox.state.account.credits = 0


def fail(sandbox: Sandbox) -> None:
    sandbox.script_job(JobScript(status="failed", error={"message": "No <b>harbour</b> was found."}))


def lose_the_answer(sandbox: Sandbox) -> None:
    sandbox.fail_next("generateImage", drop="after")


def refuse_the_prompt(sandbox: Sandbox) -> None:
    sandbox.fail_next("generateImage", status=400)


def refuse_the_key(sandbox: Sandbox) -> None:
    sandbox.fail_next("generateImage", status=401)


@pytest.mark.parametrize(
    ("trouble", "state", "words"),
    [
        (run_out_of_credits, "failed", "The account is out of credits."),
        (fail, "failed", "The picture could not be made: No <b>harbour</b> was found."),
        (lose_the_answer, "unknown", "It isn't known whether VideoGen took this prompt"),
        (refuse_the_prompt, "failed", "VideoGen refused the prompt: "),
        (refuse_the_key, "failed", "VideoGen doesn't accept this app's key."),
    ],
)
def test_trouble_is_told_in_words(
    shared: tuple[WebApp, Sandbox], trouble: Callable[[Sandbox], object], state: str, words: str
) -> None:
    app, sandbox = shared
    sandbox.reset()
    trouble(sandbox)
    told = app.ended(app.ask("A harbour")["id"])
    assert told["state"] == state
    assert words in told["note"]
    assert httpx.get(f"{app.url}/pictures/{told['id']}").status_code == 404


def test_what_a_lost_answer_may_have_started_is_told(shared: tuple[WebApp, Sandbox]) -> None:
    app, sandbox = shared
    sandbox.reset()
    assert app.ended(app.ask("A harbour")["id"])["state"] == "ready"
    before = {*sandbox.state.executions}
    lose_the_answer(sandbox)
    told = app.ended(app.ask("A lost harbour")["id"])
    (lost,) = {*sandbox.state.executions} - before
    assert told["note"].endswith(f"It may be {lost}.")
    sandbox.fail_next("generateImage", drop="before")
    told = app.ended(app.ask("A harbour that never was")["id"])
    assert told["state"] == "unknown"
    assert told["note"].endswith("So far nothing new is listed there.")


HOSTILE = [
    "<script>document.title = 'taken'</script>",
    '"><img src=x onerror=alert(1)>',
    "line\n\nevent: all\ndata: []\n\n",
    "\x00\u2028\u2029\u202e ' OR 1=1; DROP TABLE jobs; --",
    "\N{PILE OF POO}" * 2000,
]


@pytest.mark.parametrize("prompt", HOSTILE)
def test_a_hostile_prompt_is_data(shared: tuple[WebApp, Sandbox], prompt: str) -> None:
    app, sandbox = shared
    sandbox.reset()
    job = app.ask(prompt)
    assert job["prompt"] == prompt.strip()
    assert app.ended(job["id"])["prompt"] == prompt.strip()
    assert prompt not in httpx.get(app.url).text


NO_PROMPTS = [b'""', b'" \\n "', b"7", b"null", b'"\\ud800"', b'"%s"' % (b"x" * 2001)]
NO_JSON = [b"{", b"\xff", b"[" * 100_000]


@pytest.mark.parametrize("content", [*(b'{"prompt": %s}' % prompt for prompt in NO_PROMPTS), b"[]", b"", *NO_JSON])
def test_what_is_no_prompt_is_refused_in_words(shared: tuple[WebApp, Sandbox], content: bytes) -> None:
    app, sandbox = shared
    billed = sandbox.billed
    response = httpx.post(f"{app.url}/api/jobs", content=content, headers={"content-type": "application/json"})
    words = "Write a prompt of 1 to 2,000 characters."
    assert response.status_code == (422 if response.json()["detail"] == words else 400)
    assert isinstance(response.json()["detail"], str)
    assert sandbox.billed == billed


def test_other_sites_forms_and_endless_bodies_are_refused(shared: tuple[WebApp, Sandbox]) -> None:
    app, sandbox = shared
    billed = sandbox.billed
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        content = '{"prompt": "x"}'
        assert httpx.post(f"{app.url}/api/jobs", content=content, headers={"content-type": kind}).status_code == 422
    long = httpx.post(f"{app.url}/api/jobs", json={"prompt": "x" * 2**20})
    endless = httpx.post(f"{app.url}/api/jobs", content=iter([b"x" * 2**19] * 4))
    assert (long.status_code, endless.status_code) == (413, 413)
    assert sandbox.billed == billed


def test_only_so_many_pictures_are_made_at_once(make_app: Callable[..., WebApp], sandbox: Sandbox) -> None:
    for _ in range(20):
        sandbox.script_job(JobScript(seconds=60))
    app = make_app(webhooks=False)
    for number in range(20):
        app.ask(f"Harbour {number}")
    one_more = httpx.post(f"{app.url}/api/jobs", json={"prompt": "One more"})
    assert one_more.status_code == 429
    assert "Many pictures are in the making" in one_more.json()["detail"]
    eventually(lambda: sandbox.billed == 20)


def test_the_page_brings_nothing_from_elsewhere_and_runs_only_its_own_script(shared: tuple[WebApp, Sandbox]) -> None:
    app, _ = shared
    response = httpx.get(app.url)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = response.text
    assert "http:" not in page
    assert "https:" not in page
    assert "innerHTML" not in page
    assert 'label for="prompt"' in page
