"""Every object of the API as a typed class: requests, answers, webhook payloads (layer 2).

Each model is imported when it is first used. All have `from_dict`, `to_dict`, `replace` and equality; names are the
API's, with attributes in snake case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._model import UNSET as UNSET

if TYPE_CHECKING:
    from ._generated.models import *  # noqa: F403
else:
    from ._generated.models import __all__, __dir__, __getattr__  # noqa: F401
