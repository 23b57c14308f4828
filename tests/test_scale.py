"""Many jobs through `vg.map` with rate limits in force: smaller here, whole in `benchmarks/waits.py`."""

from __future__ import annotations

import logging
import os
from typing import Any

import pytest

from benchmarks.scale import BUDGETS, simulate

# How much of the documented limits and of the 1,500 jobs: three hours' worth of starts at any scale.
SCALE = 1.0 if "FUZZ" in os.environ else 0.1
JOBS = round(1500 * SCALE)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("scenario", ["limits", "trouble", "outage"])
def test_every_job_is_collected(scenario: Any, backend: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    report = simulate(scenario, JOBS, scale=SCALE, backend=backend)
    figures = report.figures()
    over = {name: figures[name] for name, most in BUDGETS[scenario].items() if figures.get(name, 0.0) > most}
    assert over == {}, report.errors
    assert report.collected + report.unknown == JOBS
    assert report.hours > (3600 - 600 + 3600) / 3600, "a third of the starts has to wait until the hour turns twice"
    if scenario == "outage":
        assert 0 < report.unknown < JOBS / 4
