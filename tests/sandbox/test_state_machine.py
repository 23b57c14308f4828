"""Thousands of steps in any order: whatever a client does and however the time passes, the sandbox stays consistent.

FUZZ multiplies the examples. The steps go through `aiovideogen.VideoGen`, in process and on virtual time, on both event
loops; so they hold the client to its promise too that no start is sent twice.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import httpx
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from aiovideogen import (
    ApprovalRequiredError,
    FileId,
    JobCancelledError,
    JobFailedError,
    OutcomeUnknownError,
    VideoGen,
    WaitTimeoutError,
)
from aiovideogen.models import RemixActionAddZoom, RemixActionEnableCaptions, WorkflowVisualStyle
from aiovideogen.sandbox import JobScript, Sandbox, VirtualTime, in_process

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FUZZ = int(os.environ.get("FUZZ", "1"))
EPOCH = 1_790_000_000.0
TERMINAL = {"succeeded", "failed", "cancelled"}
READS = {
    "vg_tool_": "getToolExecutionInfo",
    "vg_work_": "getWorkflowRun",
    "vg_expo_": "getProjectExport",
    "vg_inte_": "getTimelineInterchange",
}
ORDER = {"pending": 0, "running": 1, "awaiting_approval": 2}
# What a call meets before it is answered.
FAULTS: dict[str, dict[str, Any]] = {
    "unavailable": {"status": 503},
    "too many": {"status": 429},
    "lost request": {"drop": "before"},
    "lost answer": {"drop": "after"},
}
NO_EFFECT = {"unavailable", "lost request"}

NOTHING = cast("Any", multiple())

faults = st.sampled_from([None, None, None, None, *FAULTS])
scripts = st.one_of(
    st.just(JobScript()),
    st.builds(
        JobScript,
        status=st.sampled_from(["succeeded", "succeeded", "succeeded", "failed", "cancelled", "awaiting_approval"]),
        seconds=st.sampled_from([None, 0.0, 3.0, 200.0]),
        attempts=st.integers(1, 3),
        null_url_seconds=st.sampled_from([0.0, 5.0]),
    ),
)
TOOLS: dict[str, tuple[str, dict[str, Any]]] = {
    "generateImage": ("generate_image", {"prompt": "A harbour", "num_results": 2}),
    "generateMusic": ("generate_music", {"prompt": "Calm piano"}),
    "textToSpeech": ("text_to_speech", {"tts_text": "Hello.", "voice_id": "Matilda"}),
    "generateSoundEffect": ("generate_sound_effect", {"prompt": "Rain", "is_output_temporary": True}),
}


def lasting(node: Any) -> Any:
    """Return a snapshot without what signing anew changes."""
    if isinstance(node, list):
        return [lasting(item) for item in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    signed = ("url", "Url", "expiresAt", "ExpiresAt")
    fields = cast("dict[str, Any]", node)
    return {name: lasting(value) for name, value in fields.items() if not name.endswith(signed)}


class Life(RuleBasedStateMachine):
    """A team's life with the API: what it starts, watches, lists, keeps and throws away."""

    jobs: Bundle[Any] = Bundle("jobs")
    runs: Bundle[Any] = Bundle("runs")
    files: Bundle[FileId] = Bundle("files")
    entities: Bundle[Any] = Bundle("entities")

    @initialize(targets=(jobs, runs), backend=st.sampled_from(["asyncio", "trio"]))
    def begin(self, backend: Literal["asyncio", "trio"]) -> Any:
        self.backend: Literal["asyncio", "trio"] = backend
        self.time = VirtualTime(epoch=EPOCH)
        self.sandbox = Sandbox(job_seconds=10, clock=self.time.clock, seed=1, rate_limits=False)
        http = httpx.AsyncClient(transport=in_process(self.sandbox))
        self.vg = VideoGen(api_key=self.sandbox.key, base_url="http://127.0.0.1", http_client=http)
        self.ids: set[str] = set()
        self.last: dict[str, tuple[str, int, float]] = {}
        self.ends: dict[str, str] = {}
        self.listed: dict[str, list[str]] = {"executions": [], "runs": []}
        self.lost = dict.fromkeys(self.listed, 0)
        self.made: dict[str, int] = {}
        self.again = 0
        self.took_effect = 0
        return self.start_run(False, True, None, JobScript())

    def run(self, function: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        return self.time.run(function, *args, backend=self.backend)

    # -- starting -----------------------------------------------------------------------------------------------

    def start(self, operation: str, call: Callable[[], Awaitable[Any]], fault: str | None, script: JobScript) -> Any:
        """Make a billed call once, under a fault; return what was accepted, None when that can't be known."""

        async def attempt() -> Any:
            try:
                return await call()
            except OutcomeUnknownError:
                return None

        if fault:
            self.sandbox.fail_next(operation, **FAULTS[fault])
        if fault not in NO_EFFECT:
            self.sandbox.script_job(script)
        self.made[operation] = self.made.get(operation, 0) + 1
        self.again += fault == "too many"
        self.took_effect += fault not in NO_EFFECT
        accepted = self.run(attempt)
        # A rate limit has passed by; what else went wrong leaves open what became of the call.
        assert (accepted is None) == (fault in (*NO_EFFECT, "lost answer"))
        return accepted

    def accept(self, accepted: Any, kind: str | None, fault: str | None, script: JobScript, *also: str) -> Any:
        """Note what a start brought; return what goes into the bundles."""
        if accepted is None:
            if kind:
                self.lost[kind] += fault == "lost answer"
            return NOTHING
        self.note(accepted.id, *also)
        self.ends[accepted.id] = script.status
        if kind:
            self.listed[kind].append(accepted.id)
        return accepted

    def note(self, *ids: str) -> None:
        assert len({*ids}) == len(ids)
        assert self.ids.isdisjoint(ids)
        self.ids.update(ids)

    @rule(target=jobs, tool=st.sampled_from([*TOOLS]), fault=faults, script=scripts)
    def start_tool(self, tool: str, fault: str | None, script: JobScript) -> Any:
        name, values = TOOLS[tool]
        accepted = self.start(tool, lambda: getattr(self.vg.tools, name)(**values), fault, script)
        return self.accept(accepted, "executions", fault, script)

    @rule(target=jobs, file=files, fault=faults, script=scripts)
    def start_from_a_file(self, file: FileId, fault: str | None, script: JobScript) -> Any:
        call = self.vg.tools.upscale_image
        accepted = self.start("upscaleImage", lambda: call(image_file_id=file), fault, script)
        return self.accept(accepted, "executions", fault, script)

    @rule(targets=(jobs, runs), with_actions=st.booleans(), auto_export=st.booleans(), fault=faults, script=scripts)
    def start_run(self, with_actions: bool, auto_export: bool, fault: str | None, script: JobScript) -> Any:
        actions = [RemixActionAddZoom(), RemixActionEnableCaptions()] if with_actions else []
        style = WorkflowVisualStyle(type="STOCK")
        call = self.vg.workflows.script_to_video
        accepted = self.start(
            "scriptToVideo",
            lambda: call(script="Drink.", visual_style=style, remix_actions=actions, auto_export=auto_export),
            fault,
            script,
        )
        also = [] if accepted is None else [accepted.project_id, *accepted.remix_action_ids]
        return self.accept(accepted, "runs", fault, script, *also)

    @rule(target=jobs, run=runs, fault=faults, script=scripts)
    def start_export(self, run: Any, fault: str | None, script: JobScript) -> Any:
        accepted = self.start("exportProject", lambda: self.vg.projects.export_project(run.project_id), fault, script)
        return self.accept(accepted, None, fault, script)

    @rule(run=runs, copy=st.booleans(), fault=faults, script=scripts)
    def remix(self, run: Any, copy: bool, fault: str | None, script: JobScript) -> None:
        call = self.vg.projects.remix_project
        actions = [RemixActionAddZoom()]
        accepted = self.start(
            "remixProject", lambda: call(run.project_id, remix_actions=actions, save_as_new_project=copy), fault, script
        )
        if accepted is not None:
            self.note(*accepted.remix_action_ids, *([accepted.project_id] if copy else []))
            assert (accepted.project_id == run.project_id) == (not copy)

    @rule(target=jobs, run=runs, fault=faults, script=scripts)
    def write_a_timeline(self, run: Any, fault: str | None, script: JobScript) -> Any:
        call = self.vg.projects.create_timeline_interchange
        accepted = self.start("createTimelineInterchange", lambda: call(run.project_id), fault, script)
        return self.accept(accepted, None, fault, script)

    @rule(fault=faults)
    def chat(self, fault: str | None) -> None:
        call = self.vg.assistant.start_assistant_chat
        accepted = self.start("startAssistantChat", lambda: call(message="Draft a script"), fault, JobScript())
        if accepted is not None:
            self.note(accepted.message_id, accepted.assistant_id, accepted.project_id)
            assert self.run(self.vg.wait_for, accepted).content

    # -- looking ------------------------------------------------------------------------------------------------

    def observe(self, own: str, snapshot: Any) -> None:
        """Assert that a snapshot is possible, and follows the one before."""
        now = snapshot.status, snapshot.attempt_index, snapshot.progress_percentage
        assert 0 <= now[2] <= 100
        assert (now[2] == 100) == (now[0] == "succeeded")
        assert (snapshot.error is not None) == (now[0] == "failed")
        before = self.last.get(own, now)
        assert before[1:] <= now[1:]
        assert before == now if before[0] in TERMINAL else ORDER[before[0]] <= ORDER.get(now[0], 3)
        self.last[own] = now

    async def look(self, job: Any) -> Any:
        """Read a job by its id, once."""
        match job.id[:8]:
            case "vg_tool_":
                return await self.vg.tools.get_tool_execution_info(job.id)
            case "vg_work_":
                return await self.vg.workflows.get_workflow_run(job.id)
            case "vg_inte_":
                return await self.vg.projects.get_timeline_interchange(job.id)
            case _:
                return await self.vg.projects.get_project_export(job.job_params()["projectId"], job.id)

    @rule(job=jobs)
    def look_at(self, job: Any) -> None:
        snapshot = self.run(self.look, job)
        self.observe(job.id, snapshot)
        for thing in getattr(snapshot, "results", None) or [snapshot]:
            if getattr(thing, "download_url", None):
                # A GET signs anew what would expire within the hour.
                assert thing.download_url_expires_at >= self.time.clock() + 3599

    @rule(job=jobs, trouble=faults)
    def wait(self, job: Any, trouble: str | None) -> None:
        if trouble:
            self.sandbox.fail_next(READS[job.id[:8]], **FAULTS[trouble])
        end, snapshot = self.run(self.awaited, job)
        self.observe(job.id, snapshot)
        if end is None:
            # What never ends waits for what needs a person's approval.
            assert snapshot.status not in TERMINAL
        else:
            assert end == snapshot.status
            assert end in (self.ends[job.id], "cancelled")

    @rule(with_actions=st.booleans(), auto_export=st.booleans(), trouble=faults, script=scripts)
    def see_a_run_through(self, with_actions: bool, auto_export: bool, trouble: str | None, script: JobScript) -> None:
        self.wait(self.start_run(with_actions, auto_export, None, script), trouble)

    async def awaited(self, job: Any) -> tuple[str | None, Any]:
        """Wait for a job by its bare id, so that the remix actions of a run don't count."""
        project = {"project_id": job.job_params()["projectId"]} if job.id.startswith("vg_expo_") else {}
        try:
            seen = await self.vg.wait_for(
                job.id, timeout=3600, on_progress=lambda snapshot: self.observe(job.id, snapshot), **project
            )
            return "succeeded", seen
        except JobFailedError as error:
            return "failed", error.snapshot
        except JobCancelledError as error:
            return "cancelled", error.snapshot
        except ApprovalRequiredError as error:
            return "awaiting_approval", error.snapshot
        except WaitTimeoutError as error:
            return None, error.snapshot

    @rule(job=consumes(jobs))
    def cancel(self, job: Any) -> None:
        if job.id.startswith(("vg_expo_", "vg_inte_")):
            return
        before = self.run(self.look, job)
        self.run(self.vg.cancel, job)
        after = self.run(self.look, job)
        self.observe(job.id, before)
        self.observe(job.id, after)
        assert after.status == (before.status if before.status in TERMINAL else "cancelled")

    @rule(seconds=st.sampled_from([0.1, 1.0, 4.0, 10.0, 60.0, 5000.0, 8 * 86400.0]))
    def let_time_pass(self, seconds: float) -> None:
        self.time.jump(seconds)

    # -- listing ------------------------------------------------------------------------------------------------

    async def paged(self, pages: Any, items: str) -> list[Any]:
        """Read all pages, and hold each against its own words."""
        found: list[Any] = []
        async for page in pages:
            assert page.has_more == (page.next_cursor is not None)
            found += getattr(page, items)
        return found

    def whole_list(self, call: Callable[..., Any], items: str, limit: int) -> list[Any]:
        """Read a list in small pages and in one, which must agree."""

        async def read() -> list[Any]:
            small = await self.paged(call(limit=limit).pages(), items)
            large = await self.paged(call(limit=200).pages(), items)
            assert [lasting(item.to_dict()) for item in small] == [lasting(item.to_dict()) for item in large]
            return small

        return self.run(read)

    def listing_agrees(self, found: list[Any], ids: list[str], kind: str, look: Callable[[Any], Any]) -> None:
        """Assert that a list is newest first, misses nothing, and shows what a GET shows."""
        assert len({*ids}) == len(ids) == len(self.listed[kind]) + self.lost[kind]
        assert [own for own in ids if own in self.ids] == self.listed[kind][::-1]
        for own, item in [*zip(ids, found, strict=True)][:4]:
            assert lasting(item.to_dict()) == lasting(self.run(look, own).to_dict())
            self.observe(own, item)

    @rule(limit=st.integers(1, 4), trouble=st.booleans())
    def list_executions(self, limit: int, trouble: bool) -> None:
        if trouble:
            self.sandbox.fail_next("listToolExecutions", drop="before")
        found = self.whole_list(self.vg.tools.list_tool_executions, "tool_executions", limit)
        ids = [item.tool_execution_id for item in found]
        self.listing_agrees(found, ids, "executions", self.vg.tools.get_tool_execution_info)

    @rule(limit=st.integers(1, 4))
    def list_runs(self, limit: int) -> None:
        found = self.whole_list(self.vg.workflows.list_workflow_runs, "workflow_runs", limit)
        ids = [item.workflow_run_id for item in found]
        self.listing_agrees(found, ids, "runs", self.vg.workflows.get_workflow_run)

    @rule(limit=st.integers(1, 4), run=runs)
    def list_projects(self, limit: int, run: Any) -> None:
        found = self.whole_list(self.vg.projects.list_projects, "projects", limit)
        times = [item.updated_at for item in found]
        assert times == sorted(times, reverse=True)
        assert [item.project_id for item in found].count(run.project_id) == 1

    @rule(limit=st.integers(1, 3), run=runs)
    def list_exports(self, limit: int, run: Any) -> None:
        def call(limit: int) -> Any:
            return self.vg.projects.list_project_exports(run.project_id, limit=limit)

        for item in self.whole_list(call, "exports", limit):
            shown = self.run(self.vg.projects.get_project_export, run.project_id, item.export_id)
            assert shown.to_dict() == item.to_dict()

    @rule(limit=st.integers(1, 5))
    def list_files(self, limit: int) -> None:
        found = self.whole_list(self.vg.files.get_files, "files", limit)
        assert len({item.file_id for item in found}) == len(found)

    # -- files and entities -------------------------------------------------------------------------------------

    @rule(target=files, trouble=st.sampled_from([None, "unavailable", "lost request", "lost answer"]))
    def upload(self, trouble: str | None) -> Any:
        if trouble:
            self.sandbox.fail_next("storagePut", **FAULTS[trouble])
        file = self.run(lambda: self.vg.files.upload(b"bytes", display_name="a.png", type="IMAGE"))
        self.note(file.file_id)
        self.is_first(file.file_id)
        return file.file_id

    def is_first(self, file: FileId) -> None:
        """Assert that what was changed last leads the list, unless something else changed at the same moment."""
        page = self.run(self.vg.files.get_files)
        assert file in [item.file_id for item in page.files[:10]]

    @rule(file=files)
    def download(self, file: FileId) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = self.run(self.vg.files.download, file, Path(folder) / "a.png")
            assert path.read_bytes() == b"bytes"

    @rule(file=files)
    def publish(self, file: FileId) -> None:
        self.time.jump(1)
        assert self.run(self.vg.files.publish, file).static_public_preview_source.url
        self.run(self.vg.files.disable_public_preview, file)

    @rule(file=consumes(files))
    def archive(self, file: FileId) -> None:
        self.run(self.vg.files.archive_file, file)
        found = self.whole_list(self.vg.files.get_files, "files", 50)
        assert file not in {item.file_id for item in found}
        assert self.run(self.vg.files.get_file, file).file_id == file

    @rule(target=entities, kind=st.sampled_from(["ACTOR", "PRODUCT"]))
    def create_entity(self, kind: Any) -> Any:
        entity = self.run(lambda: self.vg.entities.create_entity(entity_type=kind, name="Mine"))
        self.note(entity.entity_id)
        return entity.entity_id

    @rule(entity=consumes(entities))
    def archive_entity(self, entity: Any) -> None:
        assert entity in self.own_entities()
        self.run(self.vg.entities.archive_entity, entity)
        assert entity not in self.own_entities()

    def own_entities(self) -> list[str]:
        found = self.whole_list(self.vg.entities.list_entities, "entities", 3)
        built_in = [item.is_built_in for item in found]
        assert built_in == sorted(built_in, reverse=True)
        return [item.entity_id for item in found if not item.is_built_in]

    # -- always -------------------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_billed_twice_and_the_key_stays_home(self) -> None:
        if not hasattr(self, "sandbox"):
            return
        assert self.sandbox.billed == self.took_effect <= sum(self.made.values())
        # Each start was sent once; again only where a rate limit had refused it.
        assert sum(self.sandbox.counts[name] for name in self.made) == sum(self.made.values()) + self.again
        assert self.sandbox.leaks == 0


Life.TestCase.settings = settings(
    max_examples=12 * FUZZ,
    stateful_step_count=100,
    deadline=None,
    database=None,
    derandomize=FUZZ == 1,
    report_multiple_bugs=False,
    # Shrinking takes minutes: `make fuzz` does it.
    phases=[Phase.generate] if FUZZ == 1 else [Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
TestLife = Life.TestCase
