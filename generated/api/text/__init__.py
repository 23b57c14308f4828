"""The operations of the group Text, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ...._operation import Group, Page

if TYPE_CHECKING:
    from ...models import GenerateTextRequest, GenerateTextResponse, ModelQuality


class Text(Group):
    """The operations of the group Text."""

    __slots__ = ()
    _package = __name__

    @overload
    async def generate_text(self, request: GenerateTextRequest) -> GenerateTextResponse: ...

    @overload
    async def generate_text(
        self,
        *,
        prompt: str,
        system: str | None = ...,
        quality: ModelQuality = ...,
        temperature: float = ...,
        max_output_tokens: int = ...,
    ) -> GenerateTextResponse: ...

    async def generate_text(self, request: GenerateTextRequest | None = None, **fields: Any) -> GenerateTextResponse:
        """Generate text.

        Answers with the text itself, so there is nothing to poll. Its length is limited by
        `max_output_tokens`, 512 by default and 2,000 at most. Every call generates afresh and may be billed
        again; no rate limit is documented.

        Args:
            request: The whole body as one object, instead of the keywords below.
            prompt: What to write or answer.
            system: Standing instructions for the model; may be omitted.
            quality: Model tier; the account's default for text when omitted.
            temperature: Sampling temperature, 0 to 2; the model's default when omitted.
            max_output_tokens: The most tokens the answer may have; 512 when omitted.
        """
        return await self._call("generate_text", (), body=request, fields=fields)
