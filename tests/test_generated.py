"""The generated layer: it is what the spec says, written by the generator and by nobody else."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from aiovideogen import VideoGen
from aiovideogen._generated import models
from aiovideogen._generated.client import Groups
from aiovideogen._generated.types import EVENTS, JOBS, SHOWS, STARTS
from tests.facts import PROJECT, operations, spec
from tests.test_prepare import operation, parameter, prepare, ref, script, snake

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiovideogen._operation import Group, Operation
    from tests.facts import Json

GENERATED = PROJECT / "generated"
OPERATIONS = operations(spec())


def generate(destination: Path, *options: object, seed: str = "0") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, PROJECT / "generator-templates" / "generate.py", destination, *map(str, options)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def files_in(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder, what Python leaves there excepted."""
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


# -- the same bytes, from the spec alone ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", ["1", "2"])
def test_what_is_committed_is_what_the_generator_writes(tmp_path: Path, seed: str) -> None:
    """Whatever the order of Python's sets. Compared with the real folder: a link would compare with itself."""
    assert GENERATED.is_dir()
    assert not GENERATED.is_symlink()
    done = generate(tmp_path / "generated", seed=seed)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), "no warning"
    written, committed = files_in(tmp_path / "generated"), files_in(GENERATED)
    assert written.keys() == committed.keys()
    assert [name for name, text in written.items() if committed[name] != text] == []


def test_the_package_reaches_the_generated_folder_by_links() -> None:
    package = PROJECT / "src" / "aiovideogen"
    assert (package / "_generated").readlink() == Path("../../generated")
    assert (package / "openapi.yaml").readlink() == Path("../../openapi.yaml")
    assert (package / "_generated").resolve() == GENERATED


def _changed(folder: Path, change: Callable[[Json], object]) -> Path:
    """Write a changed copy of the spec."""
    document = deepcopy(spec())
    change(document)
    path = folder / "openapi.yaml"
    path.write_text(yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False), encoding="utf-8")
    return path


def test_an_operation_in_the_way_of_a_hand_written_method_stops_the_generation(tmp_path: Path) -> None:
    fetched = operation("download", ref("FileInfo"), summary="Get.") | {"tags": ["Files"]}
    path = _changed(tmp_path, lambda document: document["paths"].update({"/v1/files/download": {"get": fetched}}))
    kept = tmp_path / "generated"
    kept.mkdir()
    (kept / "old.py").touch()
    done = generate(kept, "--spec", path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"generate: {path}: GET /v1/files/download: files.download is a hand-written method"
    ]
    assert files_in(kept).keys() == {"old.py"}, "a failure leaves the last good one"


def test_a_warning_of_the_generator_is_a_failure(tmp_path: Path) -> None:
    """By itself it goes on, having left an endpoint out; `prepare` lets no such document through that we know of."""
    run: Callable[[Path, Path], int] = script("generate").run_generator
    document = prepare(spec())
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(document), encoding="utf-8")
    document["paths"]["/v1/{a-b}"] = {"get": document["paths"]["/v1/me"]["get"] | {"operationId": "get_ab"}}
    bad.write_text(json.dumps(document), encoding="utf-8")
    assert [run(good, tmp_path / "a"), run(bad, tmp_path / "b")] == [0, 1]


def test_nothing_stale_stays_behind(tmp_path: Path) -> None:
    kept = tmp_path / "generated"
    kept.mkdir()
    (kept / "old.py").touch()
    assert generate(kept).returncode == 0
    assert "old.py" not in files_in(kept)


# -- what stands in it ----------------------------------------------------------------------------------------------


def test_generated_code_does_no_io() -> None:
    imported: set[str] = set()
    for path in GENERATED.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add((node.module or "").partition(".")[0])
    assert imported <= {"__future__", "attrs", "collections", "functools", "importlib", "typing"}


def _groups() -> dict[str, type[Group]]:
    annotations = {name: value.func.__annotations__["return"] for name, value in vars(Groups).items() if name[0] != "_"}
    home = "aiovideogen._generated.api"
    return {name: getattr(importlib.import_module(f"{home}.{name}"), kind) for name, kind in annotations.items()}


def _method(name: str) -> tuple[str, Callable[..., Any]]:
    group = snake(OPERATIONS[name][2]["tags"][0])
    return group, getattr(_groups()[group], snake(name))


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_a_documented_method_of_its_group(name: str) -> None:
    _, path, node = OPERATIONS[name]
    group, method = _method(name)
    doc = inspect.getdoc(method) or ""
    assert doc.splitlines()[0] == " ".join(node["summary"].split())
    parameters = list(inspect.signature(method).parameters.values())[1:]
    positional = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD and one.name != "request"]
    assert positional == [snake(key) for key in re.findall(r"{(\w+)}", path)]
    described: Operation = importlib.import_module(f"aiovideogen._generated.api.{group}.{snake(name)}").OPERATION
    assert (described.id, described.path, described.effect) == (name, path, node["x-effect"])


def test_a_group_has_its_operations_and_nothing_else() -> None:
    methods = {f"{group}.{name}" for group, kind in _groups().items() for name in vars(kind) if name[0] != "_"}
    assert methods == {f"{_method(name)[0]}.{snake(name)}" for name in OPERATIONS}
    assert "tools.image_3d_effect" in methods
    assert [name for name in _groups() if not hasattr(VideoGen, name)] == []


def test_arguments_are_documented_from_the_spec() -> None:
    doc = " ".join((inspect.getdoc(_method("generateImage")[1]) or "").split())
    described = spec()["components"]["schemas"]["GenerateImageRequest"]["properties"]["isOutputTemporary"][
        "description"
    ]
    assert f"is_output_temporary: {' '.join(described.split())}" in doc
    assert "request: The whole body as one object" in doc


def test_every_schema_is_a_public_model() -> None:
    schemas = spec()["components"]["schemas"]
    unions = {f"Unknown{name}" for name, node in schemas.items() if "discriminator" in node}
    assert {*models.__all__} == schemas.keys() | unions
    assert [name for name in models.__all__ if getattr(models, name, None) is None] == []
    assert {*dir(models)} >= {*models.__all__}
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = models.Nothing  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]


def test_the_tables_are_those_of_the_spec() -> None:
    jobs = {name: node["x-job"] for name, node in spec()["components"]["schemas"].items() if "x-job" in node}.values()
    assert {job.get for job in JOBS.values()} == {_where(job["get"]) for job in jobs if "get" in job} | {None}
    assert {job.cancel for job in JOBS.values()} == {_where(job["cancel"]) for job in jobs if "cancel" in job} | {None}
    assert {job.list for job in JOBS.values()} == {_where(job["list"]) for job in jobs if "list" in job} | {None}
    assert EVENTS.keys() == spec()["webhooks"].keys()
    shown = {job[call] for job in jobs for call in ("get", "list") if "list" in job and call in job}
    assert SHOWS.keys() == shown
    assert {JOBS[kind].list for kind in SHOWS.values()} >= {JOBS[kind].list for kind, _ in STARTS.values()} - {None}


def test_the_type_that_a_start_is_listed_with_is_that_of_the_spec() -> None:
    nodes = [node for item in spec()["paths"].values() for node in item.values() if "operationId" in node]
    given = {node["operationId"]: node["x-job-type"] for node in nodes if "x-job-type" in node}
    assert {name: kind for name, (_, kind) in STARTS.items() if kind is not None} == given
    assert len({*given.values()}) == len(given) == 18, "two starts of one type could not be told apart"
    listed = {*spec()["components"]["schemas"]["WorkflowType"]["enum"]}
    # No operation starts a storyboard any more, and no document names the type of a video-to-video run.
    of_runs = {kind for of, kind in STARTS.values() if of == "WorkflowRunId"}
    assert listed ^ of_runs == {"STORYBOARD_TO_VIDEO", "VIDEO_TO_VIDEO"}


def _where(name: str) -> str:
    return f"{_method(name)[0]}.{snake(name)}"


# -- a new operation needs no hand-written line ----------------------------------------------------------------------


def _with_twins(document: Json) -> None:
    """Make up a group that the API doesn't have: a new kind of id, a new job, its list and its cancel."""
    one = parameter("twinId", "path", **ref("TwinId"))
    cursor = parameter("cursor", type="string")
    status = ref("JobStatus")
    document["paths"] |= {
        "/v1/twins": {
            "post": operation(
                "startTwin3d", ref("StartTwinResponse"), ref("StartTwinRequest"), status="202", summary="Go."
            ),
            "get": operation("listTwins", ref("TwinList"), parameters=[cursor], summary="List."),
        },
        "/v1/twins/{twinId}": {"get": operation("getTwin", ref("Twin"), parameters=[one], summary="Get.")},
        "/v1/twins/{twinId}/cancel": {
            "post": operation("cancelTwin", ref("StartTwinResponse"), status="202", parameters=[one], summary="Stop.")
            | {"x-effect": "repeatable"}
        },
    }
    for path in ("/v1/twins", "/v1/twins/{twinId}", "/v1/twins/{twinId}/cancel"):
        for node in document["paths"][path].values():
            node["tags"] = ["Digital twins"]
    job = {"id": "id", "get": "getTwin", "list": "listTwins", "cancel": "cancelTwin", "event": "twin"}
    looks = {"type": "string", "enum": ["REAL", "DRAWN"], "description": "Its looks."}
    page = {"type": "array", "items": ref("Twin")}
    told = {
        "event": {"type": "string"},
        "twinId": ref("TwinId"),
        "looks": ref("TwinLooks"),
        "error": _or_null("ApiError"),
    }
    document["webhooks"] |= {
        f"twin.{end}": {"post": operation("onTwin", status="200", body=ref("TwinWebhookPayload"))}
        for end in ("succeeded", "failed")
    }
    twin = {"twinId": ref("TwinId"), "status": status, "looks": ref("TwinLooks"), "error": _or_null("ApiError")}
    document["components"]["schemas"] |= {
        "TwinId": {"type": "string", "x-prefixes": ["vg_twin_"], "description": "Names a twin."},
        "TwinLooks": looks,
        "Twin": {"type": "object", "required": ["twinId", "status"], "properties": twin},
        "TwinList": {"type": "object", "properties": {"twins": page, "nextCursor": {"type": ["string", "null"]}}},
        "TwinWebhookPayload": {"type": "object", "required": ["event", "twinId"], "properties": told},
        "StartTwinRequest": {"type": "object", "required": ["faceFileId"], "properties": {"faceFileId": ref("FileId")}},
        "StartTwinResponse": {"type": "object", "required": ["id"], "properties": {"id": ref("TwinId")}, "x-job": job},
    }


def _or_null(name: str) -> Json:
    return {"anyOf": [ref(name), {"type": "null"}]}


TWIN_EVENT = """
import json, time

from aiovideogen.webhooks import sign, verify

secret = "whsec_" + "A" * 32
body = b'{"event": "twin.succeeded", "twinId": "vg_twin_1", "looks": "REAL"}'
event = verify(body, sign(body, secret, id="msg_1", timestamp=int(time.time())), secret)
state = event.snapshot()
print(json.dumps([type(event).__name__, type(event.job_id).__name__, event.outcome, state.status, state.looks]))
"""

TWIN_SERVER = """
import http.server, json, threading, urllib.parse

looked = []

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        looked.append((self.command, self.path, json.loads(body or b"null")))
        self.answer(202, {"id": "vg_twin_1"})

    def do_GET(self):
        looked.append((self.command, self.path, None))
        url = urllib.parse.urlsplit(self.path)
        done = sum(path.startswith("/v1/twins") for _, path, _ in looked) > 2
        twin = {"twinId": "vg_twin_1", "status": "succeeded" if done else "running", "looks": "REAL", "error": None}
        if url.path != "/v1/twins":
            self.answer(200, twin)
        elif "cursor=2" in url.query:
            self.answer(200, {"twins": [twin, {**twin, "twinId": "vg_twin_2"}], "nextCursor": None})
        else:
            self.answer(200, {"twins": [twin], "nextCursor": "2"})

    def answer(self, status, what):
        text = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
"""

TWIN_USER = """
from typing import assert_type

from aiovideogen import FileId, Page, VideoGen
from aiovideogen._generated.types import TwinId
from aiovideogen.models import StartTwinRequest, StartTwinResponse, Twin, TwinList


async def use(vg: VideoGen) -> None:
    started = await vg.digital_twins.start_twin_3d(face_file_id=FileId("vg_file_1"))
    assert_type(started, StartTwinResponse)
    assert_type(started.id, TwinId)
    assert_type(await vg.wait_for(started), Twin)
    assert_type(await vg.wait_for(TwinId("vg_twin_1")), Twin)
    assert_type(vg.digital_twins.list_twins(), Page[TwinList, Twin])
    assert_type(await vg.digital_twins.cancel_twin(started.id), TwinId)
    await vg.digital_twins.start_twin_3d(StartTwinRequest(face_file_id=FileId("vg_file_1")))
    await vg.digital_twins.get_twin(FileId("vg_file_1"))  # pyright: ignore[reportArgumentType]
"""

TWIN_MAIN = """
import asyncio

from aiovideogen import FileId, InvalidIdError, VideoGen, __file__ as where
from aiovideogen._generated.types import TwinId

async def main():
    async with VideoGen(api_key="k", base_url=f"http://127.0.0.1:{server.server_port}") as vg:
        started = await vg.digital_twins.start_twin_3d(face_file_id=FileId("vg_file_1"))
        done = await vg.wait_for(started, timeout=20)
        again = await vg.wait_for(TwinId(started.id), timeout=20)
        listed = [twin.twin_id async for twin in vg.digital_twins.list_twins()]
        stopped = await vg.digital_twins.cancel_twin(started.id)
        await vg.cancel(started)
        try:
            await vg.digital_twins.get_twin(FileId("vg_file_1"))
        except InvalidIdError as error:
            refused = str(error)
    print(json.dumps({
        "where": where, "started": repr(started), "done": done.to_dict(), "same": again == done, "listed": listed,
        "kinds": [type(started.id).__name__, type(stopped).__name__, type(listed[1]).__name__],
        "refused": refused, "first": looked[0], "last": looked[-1],
    }))

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def with_twins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package for a spec with one more group, no other line changed."""
    folder = tmp_path_factory.mktemp("twins")
    path = _changed(folder, _with_twins)
    package = folder / "aiovideogen"
    shutil.copytree(PROJECT / "src" / "aiovideogen", package, ignore=shutil.ignore_patterns("__pycache__"))
    assert not (package / "_generated").is_symlink()
    shutil.rmtree(package / "_generated")
    shutil.copy(path, package / "openapi.yaml")
    done = generate(package / "_generated", "--spec", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


def test_a_new_event_is_verified_and_read(with_twins: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", TWIN_EVENT],
        env={**os.environ, "PYTHONPATH": str(with_twins)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["TwinSucceeded", "TwinId", "succeeded", "succeeded", "REAL"]


def test_a_new_job_is_started_waited_for_listed_and_cancelled(with_twins: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(TWIN_SERVER + TWIN_MAIN)],
        env={**os.environ, "PYTHONPATH": str(with_twins)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert Path(seen["where"]).is_relative_to(with_twins)
    assert seen["started"] == "StartTwinResponse(id='vg_twin_1')"
    assert seen["done"] == {"twinId": "vg_twin_1", "status": "succeeded", "looks": "REAL", "error": None}
    assert seen["same"] is True
    assert seen["listed"] == ["vg_twin_1", "vg_twin_2"], "over pages, repeats dropped"
    assert seen["kinds"] == ["TwinId", "TwinId", "TwinId"]
    assert "FileId, not TwinId" in seen["refused"]
    assert seen["first"] == ["POST", "/v1/twins", {"faceFileId": "vg_file_1"}]
    assert seen["last"] == ["POST", "/v1/twins/vg_twin_1/cancel", None]


def test_a_new_job_is_typed(with_twins: Path) -> None:
    user = with_twins / "user.py"
    user.write_text("# pyright: strict, reportUnnecessaryTypeIgnoreComment=true\n" + TWIN_USER, encoding="utf-8")
    (with_twins / "pyrightconfig.json").write_text('{"include": ["user.py"]}', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--project", with_twins],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
