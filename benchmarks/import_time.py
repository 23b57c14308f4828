"""What importing costs, beside httpx alone, in one run.

    python benchmarks/import_time.py [--rounds 15] [--official PYTHON]

Each figure is the median of fresh processes, taken in turn so that the machine's mood hits all alike. With
`--official`, a Python that has the official SDK (`videogen` of PyPI), its import stands beside them.

Budget: importing this package at most 1.1 × importing httpx; import, client and a first call at most 1.15 × httpx doing
the same against the same server.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

from aiovideogen.sandbox import Sandbox, serve

HTTPX_CALL = """
import asyncio, json, httpx
async def main():
    async with httpx.AsyncClient() as client:
        answer = await client.get({url!r} + "/v1/me", headers={{"Authorization": "Bearer {key}"}})
        json.loads(answer.content)["email"]
asyncio.run(main())
"""

OUR_CALL = """
import asyncio
from aiovideogen import VideoGen
async def main():
    async with VideoGen(base_url={url!r}, api_key={key!r}) as vg:
        (await vg.account.get_me()).email
asyncio.run(main())
"""


def seconds(python: str, program: str) -> float:
    started = time.perf_counter()
    subprocess.run([python, "-c", program], check=True)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--official", help="a Python that has the official SDK")
    args = parser.parse_args()
    with serve(Sandbox(rate_limits=False)) as server:
        where = {"url": server.url, "key": server.key}
        programs = {
            "nothing": (sys.executable, "pass"),
            "import httpx": (sys.executable, "import httpx"),
            "import aiovideogen": (sys.executable, "import aiovideogen"),
            "httpx: import, client, first call": (sys.executable, HTTPX_CALL.format(**where)),
            "aiovideogen: import, client, first call": (sys.executable, OUR_CALL.format(**where)),
        }
        if args.official:
            programs["import videogen (official)"] = (args.official, "import videogen")
        taken: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(args.rounds):
            for name, program in programs.items():
                taken[name].append(seconds(*program))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    bare = medians["nothing"]
    for name, median in medians.items():
        print(f"{name:42} {1000 * median:7.1f} ms   {1000 * (median - bare):7.1f} ms beyond an empty process")
    imports = (medians["import aiovideogen"] - bare) / (medians["import httpx"] - bare)
    calls = medians["aiovideogen: import, client, first call"] - bare
    calls /= medians["httpx: import, client, first call"] - bare
    print(f"import: {imports:.2f} × httpx (budget 1.10)")
    print(f"import, client, first call: {calls:.2f} × httpx (budget 1.15)")


if __name__ == "__main__":
    main()
