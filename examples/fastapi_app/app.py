"""A web app that makes pictures from prompts: start jobs, watch them live, receive webhooks, survive restarts.

README.md, beside this file, says how to run it.
"""

import asyncio
import base64
import hashlib
import logging
import os
import re
import signal
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Final

import anyio
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, StringConstraints
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from aiovideogen import VideoGen, VideoGenError
from aiovideogen.endpoints import ensure_endpoint, retire_endpoints
from aiovideogen.models import WebhookEndpoint, WebhookEventName
from aiovideogen.receiver import Receiver

from .store import Job, Store, opened
from .studio import Studio, write_down

logger = logging.getLogger(__name__)

MAX_PROMPT: Final = 2000
"""Characters."""
MAX_BODY: Final = 2**20
"""Bytes, of any request."""
SHOWN: Final = 50
"""How many of the newest jobs the page shows."""
RECONNECT_MILLISECONDS: Final = 1000

EVENTS: Final[list[WebhookEventName]] = [
    "tool_execution.succeeded",
    "tool_execution.failed",
    "tool_execution.cancelled",
]
WEBHOOK_PATH: Final = "/webhooks/videogen"

PAGE: Final = Path(__file__).with_name("page.html").read_text(encoding="utf-8")


def content_policy(page: str) -> str:
    """Return a policy that lets the page run its own script and style, and nothing else of anybody's."""

    def hashes(tag: str) -> str:
        texts = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        return " ".join(f"'sha256-{digest}'" for digest in digests)

    return (
        f"default-src 'none'; script-src {hashes('script')}; style-src {hashes('style')}; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


PAGE_HEADERS: Final = {
    "content-security-policy": content_policy(PAGE),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}

# -- start and stop -----------------------------------------------------------------------------------------------

receiver = Receiver()
"""Answers 503 until a secret is known, so that what comes too early comes again."""


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncGenerator[dict[str, Any]]:
    """Open what the app works with, take up what the last run left, and let go of it all at the end."""
    folder = Path(os.environ.get("APP_DATA") or "app-data")
    public_url = os.environ.get("PUBLIC_URL", "").rstrip("/")
    pictures = folder / "pictures"
    await anyio.to_thread.run_sync(partial(pictures.mkdir, parents=True, exist_ok=True))
    async with (
        opened(folder / "app.sqlite3") as store,
        # Without webhooks the waits have to look often: then they mustn't be told that there are some.
        VideoGen(on_accepted=partial(write_down, store), receiver=receiver if public_url else None) as vg,
        anyio.create_task_group() as tasks,
    ):
        studio = Studio(vg, store, tasks, pictures)
        await studio.resume()
        if public_url:
            tasks.start_soon(register, vg, store, public_url + WEBHOOK_PATH)
        with on_signal(store.end_changes):
            yield {"store": store, "studio": studio}
        tasks.cancel_scope.cancel()


async def register(vg: VideoGen, store: Store, url: str) -> None:
    """Have webhooks sent to `url`. Where that fails the waits still look for themselves, so the app goes on."""

    async def save(endpoint: WebhookEndpoint) -> None:
        await store.save_secret(endpoint.endpoint_id, url, endpoint.signing_secret or "")
        receiver.set_secrets(await store.secrets(url))

    try:
        if known := await store.secrets(url):
            receiver.set_secrets(known)
        ensured = await ensure_endpoint(vg, url, EVENTS, save=save, known=known)
        await store.forget_other_secrets(ensured.endpoint.endpoint_id)
        receiver.set_secrets(await store.secrets(url))
        await retire_endpoints(vg, ensured.superseded)
    except VideoGenError as error:
        logger.warning("no webhooks: %s", error)
    except Exception:  # such as a full disk: it would end the group that the waits run in
        logger.exception("no webhooks")


@contextmanager
def on_signal(tell: Callable[[], None]) -> Generator[None]:
    """Call `tell` when the server is asked to stop: it lets open streams end before it ends the lifespan."""
    handlers: dict[int, Callable[[int, FrameType | None], Any]] = {}
    loop = asyncio.get_running_loop()

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(tell)
        handlers[number](number, frame)

    if threading.current_thread() is threading.main_thread():  # no other may set handlers
        for number in (signal.SIGINT, signal.SIGTERM):
            if callable(handler := signal.getsignal(number)):
                handlers[number] = handler
                signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


# -- routes ----------------------------------------------------------------------------------------------------------


def the_store(request: Request) -> Store:
    return request.state.store


def the_studio(request: Request) -> Studio:
    return request.state.studio


TheStore = Annotated[Store, Depends(the_store)]
TheStudio = Annotated[Studio, Depends(the_studio)]


class NewJob(BaseModel):
    """What the form sends. As JSON: other sites' pages can't send that on a visitor's behalf."""

    prompt: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_PROMPT)]


app = FastAPI(title="Pictures from words", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
app.add_middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY)
# What is mounted answers below its path: the path itself would be redirected, which webhooks don't follow.
app.mount(WEBHOOK_PATH.rpartition("/")[0], receiver)


@app.exception_handler(RequestValidationError)
async def refuse(_request: Request, _error: Exception) -> JSONResponse:
    """Say in words what a request should be."""
    return JSONResponse({"detail": f"Write a prompt of 1 to {MAX_PROMPT:,} characters."}, status_code=422)


@app.get("/")
async def page() -> HTMLResponse:
    return HTMLResponse(PAGE, headers=PAGE_HEADERS)


@app.post("/api/jobs", status_code=202)
async def start(new: NewJob, studio: TheStudio) -> Job:
    """Begin to make a picture. What becomes of it, also if it can't be started, is told by the events."""
    job = await studio.ask(new.prompt)
    if job is None:
        raise HTTPException(429, "Many pictures are in the making. Wait until one is ready, then send this again.")
    return job


@app.get("/api/events", response_class=EventSourceResponse)
async def events(store: TheStore) -> AsyncIterator[ServerSentEvent]:
    """Tell all there is at first, then each change: whoever reconnects has missed nothing."""
    jobs = await store.newest(SHOWN)
    version = max((job.version for job in jobs), default=0)
    yield ServerSentEvent(event="all", data=jobs, retry=RECONNECT_MILLISECONDS)
    while changed := await store.changes(version):
        version = changed[-1].version
        for job in changed:
            yield ServerSentEvent(event="job", data=job)


@app.get("/pictures/{id}")
async def picture(id: str, store: TheStore, studio: TheStudio) -> FileResponse:
    """Serve a finished picture from this machine."""
    job = await store.get(id)
    if job is None or job.state != "ready":
        raise HTTPException(404, "There is no such picture.")
    headers = {"cache-control": "private, max-age=31536000, immutable", "x-content-type-options": "nosniff"}
    return FileResponse(studio.path(job), media_type=job.media_type, headers=headers)
