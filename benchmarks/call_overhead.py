"""What a status read costs in CPU, parsed and typed, beside plain httpx and json, in one run.

    python benchmarks/call_overhead.py [--calls 400] [--rounds 7] [--official PYTHON]

Each client runs in a process of its own against a server in another, so that only the client's CPU counts; the rounds
take turns, and the figures are medians. Two answers are read: a running job, and a succeeded one with two results.
With `--official`, a Python that has the official SDK (`videogen` of PyPI), it stands beside them. The second table
has ours with 1, 8, 64 and 1,000 callers at once: CPU per call is to stay flat.

Budget: at most 1.15 × plain httpx + json.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys

import httpx

from aiovideogen.sandbox import JobScript, Sandbox, serve

HTTPX = """
import asyncio, json, sys, time, httpx
url, key, job, calls, callers = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
async def main():
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(headers=headers, limits=httpx.Limits(max_connections=8)) as client:
        async def read(times):
            for _ in range(times):
                answer = await client.get(f"{url}/v1/tools/executions/{job}")
                answer.raise_for_status()
                assert json.loads(answer.content)["toolExecutionId"] == job
        await read(20)
        began = time.process_time()
        await asyncio.gather(*(read(calls // callers) for _ in range(callers)))
        print((time.process_time() - began) / (calls // callers * callers))
asyncio.run(main())
"""

OURS = """
import asyncio, sys, time
from aiovideogen import ToolExecutionId, VideoGen
url, key, job, calls, callers = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
async def main():
    async with VideoGen(base_url=url, api_key=key) as vg:
        async def read(times):
            for _ in range(times):
                assert (await vg.tools.get_tool_execution_info(ToolExecutionId(job))).tool_execution_id == job
        await read(20)
        began = time.process_time()
        await asyncio.gather(*(read(calls // callers) for _ in range(callers)))
        print((time.process_time() - began) / (calls // callers * callers))
asyncio.run(main())
"""

OFFICIAL = """
import asyncio, sys, time
from videogen import AsyncVideoGen
url, key, job, calls, callers = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
async def main():
    async with AsyncVideoGen(api_key=key, base_url=url) as vg:
        async def read(times):
            for _ in range(times):
                assert (await vg.tools.get_tool_execution_info(tool_execution_id=job))["tool_execution_id"] == job
        await read(20)
        began = time.process_time()
        await asyncio.gather(*(read(calls // callers) for _ in range(callers)))
        print((time.process_time() - began) / (calls // callers * callers))
asyncio.run(main())
"""


def cpu_seconds(python: str, program: str, *args: object) -> float:
    done = subprocess.run([python, "-c", program, *map(str, args)], check=True, capture_output=True, text=True)
    return float(done.stdout)


def start(server: str, key: str) -> str:
    answer = httpx.post(
        server + "/v1/tools/generate-image",
        json={"prompt": "A harbour", "numResults": 2},
        headers={"Authorization": f"Bearer {key}"},
    )
    return str(answer.raise_for_status().json()["toolExecutionId"])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--official", help="a Python that has the official SDK")
    args = parser.parse_args()
    clients = {"httpx + json": (sys.executable, HTTPX), "aiovideogen": (sys.executable, OURS)}
    if args.official:
        clients["videogen (official)"] = (args.official, OFFICIAL)
    sandbox = Sandbox(job_seconds=0.1, rate_limits=False)
    sandbox.script_job(JobScript(seconds=3600))
    with serve(sandbox) as server:
        jobs = {"running": start(server.url, server.key), "succeeded": start(server.url, server.key)}
        for state, job in jobs.items():
            taken: dict[str, list[float]] = {name: [] for name in clients}
            for _ in range(args.rounds):
                for name, client in clients.items():
                    taken[name].append(cpu_seconds(*client, server.url, server.key, job, args.calls, 1))
            medians = {name: statistics.median(times) for name, times in taken.items()}
            for name, median in medians.items():
                # By round, since a CPU's speed changes between them.
                ratio = statistics.median(
                    one / other for one, other in zip(taken[name], taken["httpx + json"], strict=True)
                )
                print(f"{state:10} {name:22} {1e6 * median:7.0f} µs CPU a read   {ratio:.2f} × httpx + json")
        for callers in (1, 8, 64, 1000):
            calls = max(args.calls, 2 * callers)
            cost = statistics.median(
                cpu_seconds(sys.executable, OURS, server.url, server.key, jobs["running"], calls, callers)
                for _ in range(max(3, args.rounds // 2))
            )
            print(f"{callers:5} callers at once      {1e6 * cost:7.0f} µs CPU a read")


if __name__ == "__main__":
    main()
