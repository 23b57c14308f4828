"""The API's `FileType`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

FileType: TypeAlias = Literal["IMAGE", "VIDEO", "AUDIO", "PDF", "SLIDESHOW", "TEXT", "LOTTIE"] | str
"""Kind of a file. TEXT includes timeline interchange documents; LOTTIE is a JSON animation and must be stated
when one is uploaded. A kind not listed here is kept as received.

Other values than the known ones may come, and are kept as they are.
"""
