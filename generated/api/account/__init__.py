"""The operations of the group Account, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ...._operation import Group, Page

if TYPE_CHECKING:
    from ...models import MeResponse


class Account(Group):
    """The operations of the group Account."""

    __slots__ = ()
    _package = __name__

    async def get_me(self) -> MeResponse:
        """Show whom the API key acts for.

        Names the key, its user and the team whose items it sees; `api_key_id` is no secret. It takes no
        parameters and changes nothing, so it is the call to test a connection with. No rate limit is
        documented.
        """
        return await self._call("get_me", ())
