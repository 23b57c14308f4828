"""What a client tells of its work (layer 2): pass a callable as `VideoGen(telemetry=…)`.

It is called in the task whose work a record describes, as soon as that is over. It must not block; what it raises is
logged and disturbs nothing. Records name operations, ids, seconds and bytes, never a URL, a header or a body.
"""

from __future__ import annotations

from ._telemetry import Attempt as Attempt
from ._telemetry import Record as Record
from ._telemetry import Retry as Retry
from ._telemetry import Telemetry as Telemetry
from ._telemetry import Transfer as Transfer
from ._telemetry import Wait as Wait

__all__ = ["Attempt", "Record", "Retry", "Telemetry", "Transfer", "Wait"]
