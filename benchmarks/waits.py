"""What it takes to wait for many jobs at once, beside the official client and a bare loop over the list endpoint.

    python benchmarks/waits.py [--parts fresh,stale,alone,pushed,astray,limits,trouble,outage]
                               [--only ours,official,bare] [--jobs 1000] [--official PYTHON]

Real time, over a real socket, each client in a process of its own, the sandbox without rate limits in another:

- fresh: so many jobs of 5–40 s at once. Requests a job by the sandbox's own counts, how long after a job's end by the
  sandbox's own clock its wait returned, and the CPU seconds of the client's process while it waited, after a first
  call with which its imports are done. How long a CPU takes differs by machine: the bare loop beside it tells.
- stale: the same where the URLs in a list have less than an hour left, so that results must be read once more.
- alone: one job, several times, each with a client of its own.
- pushed: as fresh, and the sandbox delivers webhooks to a receiver which uvicorn serves in the client's process, on its
  event loop: its CPU counts too. Ours alone; every event must be handled once.
- astray: the same, where of the webhooks a fifth is dropped, a fifth comes twice and a fifth in another order.

Virtual time, in process, with the documented rate limits in force: 1,500 jobs of 1–10 min through `vg.map`.

- limits: nothing goes wrong. trouble: a fifth of the status answers fails, the server restarts twice and is away for
  90 s, at times when nothing is started. outage: it is away for 90 s when starts are due, and loses some answers.

The official client reads each job every 1.5 s; the bare loop pages through the list each second until all have ended,
and is what one would write by hand to see what is possible.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from official import python_of
from scale import BUDGETS as SCALE_BUDGETS
from scale import simulate

from aiovideogen.sandbox import Sandbox, serve

KEY = "sk_videogen_live_sandbox"
SHORTEST, LONGEST = 5.0, 40.0
LEAD = 4.0
"""Seconds between the last start and the first wait, in which the clients' processes begin."""
STALE_URL_SECONDS = 1800.0
WARM = 32

PARTS = ("fresh", "stale", "alone", "pushed", "astray", "limits", "trouble", "outage")
PUSHED = ("pushed", "astray")
CLIENTS = ("ours", "official", "bare")

# What is measured, and the most that it may be, by part.
BUDGETS: dict[str, dict[str, float]] = {
    "fresh": {"requests a job": 0.3, "mean delay, s": 0.7, "max delay, s": 2.0, "CPU, s": 1.5},
    "stale": {"requests a job": 1.25, "mean delay, s": 0.7, "max delay, s": 2.0, "CPU, s": 1.5},
    "alone": {"mean delay, s": 0.5},
    "pushed": {"requests a job": 0.1, "mean delay, s": 0.15},
    "astray": {"requests a job": 0.1, "max delay, s": 15.0},
}
NEVER = ("not collected", "events not handled", "events handled again")

ASTRAY = [{"action": action, "probability": 0.2, "seconds": 10} for action in ("drop", "duplicate", "reorder")]

FRAME = """
import asyncio, json, resource, sys, time
url, key, begin = sys.argv[1], sys.argv[2], float(sys.argv[3])
ids = json.load(sys.stdin)
returned, failed, handled = {}, [], []
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
async def timed(one, wait):
    try:
        await wait
        returned[one] = time.time()
    except Exception as error:
        failed.append(type(error).__name__ + ": " + str(error)[:200])
async def wait_until_begin():
    await asyncio.sleep(max(0, begin - time.time()))
    return cpu()
"""

OURS = """
from aiovideogen import Accepted, VideoGen
saved = {"type": "StartToolExecutionResponse", "acceptedAt": begin, "params": {}}
async def main():
    async with VideoGen(base_url=url, api_key=key) as vg:
        await vg.account.get_me()
        started = [Accepted.from_dict({**saved, "answer": {"toolExecutionId": one}}) for one in ids]
        began = await wait_until_begin()
        await asyncio.gather(*[timed(one.id, vg.wait_for(one, timeout=600)) for one in started])
        return cpu() - began
"""

LISTENING = """
import socket
import httpx, uvicorn
from aiovideogen import Accepted, VideoGen
from aiovideogen.receiver import Receiver
saved = {"type": "StartToolExecutionResponse", "acceptedAt": begin, "params": {}}
receiver = Receiver()
@receiver.on_all
async def note(event):
    handled.append(event.id)
async def main():
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    server = uvicorn.Server(uvicorn.Config(receiver, log_config=None, access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve([listener]))
    async with VideoGen(base_url=url, api_key=key, receiver=receiver) as vg:
        here = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        made = await vg.webhooks.create_webhook_endpoint(url=here, events=["tool_execution.succeeded"])
        receiver.set_secrets(made.signing_secret)
        started = [Accepted.from_dict({**saved, "answer": {"toolExecutionId": one}}) for one in ids]
        began = await wait_until_begin()
        await asyncio.gather(*[timed(one.id, vg.wait_for(one, timeout=600)) for one in started])
        used = cpu() - began
    async with httpx.AsyncClient(base_url=url) as client:
        while (await client.get("/_sandbox/webhooks")).json()["waiting"]:
            await asyncio.sleep(1)
    await asyncio.sleep(1)
    server.should_exit = True
    await serving
    return used
"""

OFFICIAL = """
from videogen import AsyncVideoGen
async def main():
    async with AsyncVideoGen(api_key=key, base_url=url) as vg:
        await vg.account.get_me()
        began = await wait_until_begin()
        await asyncio.gather(*[timed(one, vg.poll_executed_tool(one)) for one in ids])
        return cpu() - began
"""

BARE = """
import httpx
async def main():
    left, headers = {*ids}, {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=url, headers=headers) as client:
        await client.get("/v1/me")
        began = await wait_until_begin()
        while left:
            cursor, unseen = None, {*left}
            while unseen:
                params = {"limit": 200} | ({"cursor": cursor} if cursor else {})
                page = json.loads((await client.get("/v1/tools/executions", params=params)).content)
                for item in page["toolExecutions"]:
                    one = item["toolExecutionId"]
                    unseen.discard(one)
                    if one in left and item["status"] == "succeeded":
                        if item["results"][0]["downloadUrlExpiresAt"] < time.time() + 3600:
                            json.loads((await client.get(f"/v1/tools/executions/{one}")).content)
                        left.discard(one)
                        returned[one] = time.time()
                if not page["hasMore"]:
                    break
                cursor = page["nextCursor"]
            await asyncio.sleep(1)
        return cpu() - began
"""

END = """
used = asyncio.run(main())
print(json.dumps({"returned": returned, "failed": failed, "cpu": used, "handled": handled}))
"""

PROGRAMS = {"ours": OURS, "listening": LISTENING, "official": OFFICIAL, "bare": BARE}


# -- the sandbox, in a process of its own -------------------------------------------------------------------------


def serve_until_told(url_seconds: float) -> None:
    """Be the server: print the URL, then for each line that comes in when each job ends."""
    sandbox = Sandbox(key=KEY, url_seconds=url_seconds, rate_limits=False)
    with serve(sandbox) as server:
        print(server.url, flush=True)
        for _ in sys.stdin:
            jobs = [execution.job for execution in sandbox.state.executions.values()]
            print(json.dumps({job.id: job.accepted + job.seconds for job in jobs}), flush=True)


class Server:
    """The sandbox's process, and what it tells."""

    def __init__(self, url_seconds: float) -> None:
        command = [sys.executable, __file__, "--serve", str(url_seconds)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self._line()
        self._http = httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {KEY}"}, timeout=60)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._process.communicate()

    def start(self, count: int) -> tuple[list[str], float]:
        """Start jobs; return their ids, and when the clients begin to wait."""
        began = time.time()
        self._warm_up()
        lead = LEAD + count * (time.time() - began) / WARM
        scripts = [{"seconds": lead + random.uniform(SHORTEST, LONGEST)} for _ in range(count)]
        self._http.post("/_sandbox/jobs", json=scripts).raise_for_status()
        begin = time.time() + lead
        with ThreadPoolExecutor(4) as pool:
            ids = [*pool.map(self._start, range(count))]
        return ids, max(begin, time.time() + LEAD / 2)

    def _warm_up(self) -> None:
        """Let the server make the pictures that it will show."""
        self._http.post("/_sandbox/jobs", json=[{"seconds": 0}] * WARM).raise_for_status()
        for number in range(WARM):
            self._start(number)
        self._http.get("/v1/tools/executions", params={"limit": WARM}).raise_for_status()

    def _start(self, _: int) -> str:
        answer = self._http.post("/v1/tools/generate-image", json={"prompt": "A harbour"})
        return str(answer.raise_for_status().json()["toolExecutionId"])

    def reads(self) -> int:
        """Return how many requests have asked for the state of jobs."""
        counts = self._http.get("/_sandbox/state").raise_for_status().json()["counts"]
        return counts.get("getToolExecutionInfo", 0) + counts.get("listToolExecutions", 0)

    def lead_astray(self) -> None:
        """Have webhooks lost, doubled and reordered."""
        self._http.post("/_sandbox/webhooks/faults", json=ASTRAY).raise_for_status()

    def delivered(self) -> set[str]:
        """Return the ids of the events that were sent at all."""
        told = self._http.get("/_sandbox/webhooks").raise_for_status().json()
        return {one["id"] for one in told["deliveries"] if one["note"] != "dropped"}

    def ends(self) -> dict[str, float]:
        """Return when each job ends, in Unix seconds."""
        assert self._process.stdin is not None
        print("ends", file=self._process.stdin, flush=True)
        return json.loads(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


# -- real time --------------------------------------------------------------------------------------------------------


def run_client(python: str, name: str, url: str, ids: list[str], begin: float) -> dict[str, Any]:
    """Let a client wait for jobs in a process of its own."""
    program = FRAME + PROGRAMS[name] + END
    environment = {**os.environ, "no_proxy": "*"}
    done = subprocess.run(
        [python, "-c", program, url, KEY, str(begin)],
        input=json.dumps(ids),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    return json.loads(done.stdout)


def many(server: Server, python: str, name: str, count: int) -> dict[str, float]:
    """Measure one client with many jobs at once."""
    return told_of_many(server, python, name, count)[0]


def told_of_many(server: Server, python: str, name: str, count: int) -> tuple[dict[str, float], dict[str, Any]]:
    ids, begin = server.start(count)
    before = server.reads()
    told = run_client(python, name, server.url, ids, begin)
    figures = {"requests a job": (server.reads() - before) / count, **delays(server, [told]), "CPU, s": told["cpu"]}
    return {**figures, "not collected": float(count - len(told["returned"]))}, told


def pushed(server: Server, python: str, _: str, count: int) -> dict[str, float]:
    """Measure our client with many jobs at once and webhooks that tell of their ends."""
    figures, told = told_of_many(server, python, "listening", count)
    sent, handled = server.delivered(), told["handled"]
    again = float(len(handled) - len({*handled}))
    return {**figures, "events not handled": float(len(sent - {*handled})), "events handled again": again}


def alone(server: Server, python: str, name: str, repetitions: int) -> dict[str, float]:
    """Measure one client with one job, several times side by side: each in a process of its own."""
    ids, begin = server.start(repetitions)
    before = server.reads()
    with ThreadPoolExecutor(repetitions) as pool:
        runs = [pool.submit(run_client, python, name, server.url, [one], begin + 2) for one in ids]
        told = [run.result() for run in runs]
    figures = {"requests a job": (server.reads() - before) / repetitions, **delays(server, told)}
    return {**figures, "not collected": float(repetitions - sum(len(one["returned"]) for one in told))}


def delays(server: Server, told: list[dict[str, Any]]) -> dict[str, float]:
    """Return how long after the jobs' ends, or after the begin of the wait, the waits returned."""
    for error in {error for one in told for error in one["failed"]}:
        print(f"  failed: {error}")
    ends = server.ends()
    took = [at - ends[one] for each in told for one, at in each["returned"].items()]
    return {"mean delay, s": statistics.mean(took), "max delay, s": max(took)} if took else {}


def real_time(part: str, clients: list[str], official: str, jobs: int, repetitions: int) -> bool:
    """Run a part, print its table, and return whether ours is within the budget."""
    within, cpu = True, dict[str, float]()
    measure = alone if part == "alone" else pushed if part in PUSHED else many
    with Server(STALE_URL_SECONDS if part == "stale" else 7 * 86400) as server:
        if part == "astray":
            server.lead_astray()
        for name in clients:
            if part in PUSHED and name != "ours":
                continue
            python = official if name == "official" else sys.executable
            figures = measure(server, python, name, repetitions if part == "alone" else jobs)
            kept = show(part, name, figures, BUDGETS[part])
            within = within and (kept or name != "ours")
            cpu[name] = figures.get("CPU, s", 0.0)
    for name in {*cpu} - {"bare"} if cpu.get("bare") else ():
        print(f"{part:8} {name:9} {'CPU, times the bare loop':32} {cpu[name] / cpu['bare']:8.2f}", flush=True)
    return within


# -- what is printed ------------------------------------------------------------------------------------------------


def show(part: str, name: str, figures: dict[str, float], budgets: dict[str, float]) -> bool:
    """Print a line for each figure beside its budget; return whether all are kept."""
    kept = True
    for figure, value in figures.items():
        budget = 0.0 if figure in NEVER else budgets.get(figure)
        over = budget is not None and value > budget
        kept = kept and not over
        mark = "" if budget is None else f"  budget {budget:6.2f}{'  OVER' if over else ''}"
        print(f"{part:8} {name:9} {figure:32} {value:8.2f}{mark}", flush=True)
    return kept


def listed(text: str, known: tuple[str, ...]) -> list[str]:
    names = text.split(",")
    if unknown := {*names} - {*known}:
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return names


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--parts", default=",".join(PARTS), help=f"of {', '.join(PARTS)}")
    parser.add_argument("--only", default=",".join(CLIENTS), help=f"of {', '.join(CLIENTS)}")
    parser.add_argument("--jobs", type=int, default=1000, help="at once, on real time")
    parser.add_argument("--repetitions", type=int, default=10, help="of one job alone")
    parser.add_argument("--mapped", type=int, default=1500, help="jobs through vg.map, on virtual time")
    parser.add_argument("--official", help="a Python that has the official client; made if need be")
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve is not None:
        serve_until_told(args.serve)
        return
    parts, clients = listed(args.parts, PARTS), listed(args.only, CLIENTS)
    official = args.official or (python_of("2.5.3") if "official" in clients else "")
    kept = True
    for part in parts:
        if part in BUDGETS:
            kept &= real_time(part, clients, official, args.jobs, args.repetitions)
        elif "ours" in clients:
            began = time.perf_counter()
            figures = simulate(part, args.mapped).figures()
            kept &= show(part, "ours", figures, SCALE_BUDGETS[part])
            print(f"{part:8} took {time.perf_counter() - began:.0f} s of real time")
    sys.exit(not kept)


if __name__ == "__main__":
    main()
