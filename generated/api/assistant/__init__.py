"""The operations of the group Assistant, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from ...._operation import Group, Page

if TYPE_CHECKING:
    from ...models import (
        ActionId,
        ActOnAssistantActionRequest,
        ActOnAssistantActionResponse,
        AssistantDecision,
        AssistantId,
        AssistantMessage,
        GetAssistantResponse,
        MessageId,
        SendAssistantMessageRequest,
        SendAssistantMessageResponse,
        StartAssistantChatRequest,
        StartAssistantChatResponse,
    )


class Assistant(Group):
    """The operations of the group Assistant."""

    __slots__ = ()
    _package = __name__

    @overload
    async def start_assistant_chat(self, request: StartAssistantChatRequest) -> StartAssistantChatResponse: ...

    @overload
    async def start_assistant_chat(self, *, message: str, auto_generate: bool = ...) -> StartAssistantChatResponse: ...

    async def start_assistant_chat(
        self, request: StartAssistantChatRequest | None = None, **fields: Any
    ) -> StartAssistantChatResponse:
        """Start a chat with the assistant.

        Creates a project and answers with the id of the assistant's reply, which is still being written:
        poll `get_assistant_message` or wait for an `assistant_message.*` webhook. With `auto_generate` the
        finished reply names a workflow run in `generation`, to be waited for in turn with
        `get_workflow_run`. A reply cannot be cancelled. Repeating the call creates another project and may
        bill again; no rate limit is documented.

        Args:
            request: The whole body as one object, instead of the keywords below.
            message: First message to the assistant.
            auto_generate: True lets the assistant start a workflow run by itself; the reply's `generation` then names
                the run.
        """
        return await self._call("start_assistant_chat", (), body=request, fields=fields)

    async def get_assistant(self, assistant_id: AssistantId) -> GetAssistantResponse:
        """Read a chat with all its messages.

        All messages come at once, oldest first, without pages. Your own messages are final from the start;
        a reply that is still being written has no `content` yet. No rate limit is documented.

        Args:
            assistant_id: The chat's id (`vg_asst_…`).
        """
        return await self._call("get_assistant", (assistant_id,))

    @overload
    async def send_assistant_message(
        self, assistant_id: AssistantId, request: SendAssistantMessageRequest
    ) -> SendAssistantMessageResponse: ...

    @overload
    async def send_assistant_message(
        self, assistant_id: AssistantId, *, message: str
    ) -> SendAssistantMessageResponse: ...

    async def send_assistant_message(
        self, assistant_id: AssistantId, request: SendAssistantMessageRequest | None = None, **fields: Any
    ) -> SendAssistantMessageResponse:
        """Send another message to the assistant.

        Answers with the id of the assistant's reply, which is still being written: poll
        `get_assistant_message` or wait for an `assistant_message.*` webhook. A reply cannot be cancelled.
        Repeating the call sends the message a second time and may bill again; no rate limit is documented.

        Args:
            request: The whole body as one object, instead of the keywords below.
            assistant_id: The chat's id (`vg_asst_…`).
            message: The message to send.
        """
        return await self._call("send_assistant_message", (assistant_id,), body=request, fields=fields)

    @overload
    async def act_on_assistant_action(
        self, assistant_id: AssistantId, action_id: ActionId, request: ActOnAssistantActionRequest
    ) -> ActOnAssistantActionResponse: ...

    @overload
    async def act_on_assistant_action(
        self, assistant_id: AssistantId, action_id: ActionId, *, decision: AssistantDecision = ...
    ) -> ActOnAssistantActionResponse: ...

    async def act_on_assistant_action(
        self,
        assistant_id: AssistantId,
        action_id: ActionId,
        request: ActOnAssistantActionRequest | None = None,
        **fields: Any,
    ) -> ActOnAssistantActionResponse:
        """Approve or reject what the assistant has proposed.

        Only workflow suggestions, and `APPLY_EDIT` actions with `requires_app` false, can be decided here;
        everything else has to be done in the web app. Without a body the decision is `APPROVE`. The answer
        holds the id of a new reply to be waited for with `get_assistant_message`, and an approved
        suggestion then names its workflow run in `generation`. Approving again may start and bill the work
        again; no rate limit is documented.

        Args:
            request: The whole body as one object, instead of the keywords below.
            assistant_id: The chat's id (`vg_asst_…`).
            action_id: The `action_id` of a workflow suggestion or an action in one of the assistant's messages;
                opaque.
            decision: Whether to go ahead; the server takes APPROVE when it is omitted.
        """
        return await self._call("act_on_assistant_action", (assistant_id, action_id), body=request, fields=fields)

    async def get_assistant_message(self, message_id: MessageId) -> AssistantMessage:
        """Read a message of a chat.

        A reply is over when `status` is `succeeded`, `failed` or `cancelled`, and its `content` is null
        until then; a message of your own is final from the start. If `generation` is set, a workflow run
        was started: go on with `get_workflow_run`. No rate limit is documented.

        Args:
            message_id: The message's id (`vg_mesg_…`), of either role.
        """
        return await self._call("get_assistant_message", (message_id,))
