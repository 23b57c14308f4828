"""Chats: every user message gets a reply, which may start a run or suggest one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._calls import Call, handles, project_url
from ._http import Json, conflict, invalid, not_found
from ._jobs import look, succeeded
from ._records import Message
from ._state import find
from ._workflows import new_run, shown_start

if TYPE_CHECKING:
    from ._jobs import Job
    from ._records import Assistant
    from ._state import State

WIDE = (16, 9)


@handles("startAssistantChat")
async def start(call: Call) -> Json:
    """Make a project and its chat; with autoGenerate the reply starts a run."""
    text = call.body["message"]
    project = call.state.new_project(text.partition("\n")[0] or "Chat", WIDE)
    reply = _converse(call, project.assistant, text)
    if call.body.get("autoGenerate"):
        body: Json = {"script": text}
        reply.run = new_run(call.state, "SCRIPT_TO_VIDEO", project, body, cause=reply.job)
    else:
        _suggest(call.state, reply)
    return {
        "messageId": reply.id,
        "assistantId": project.assistant.id,
        "projectId": project.id,
        "projectUrl": project_url(project),
    }


@handles("sendAssistantMessage")
async def send(call: Call) -> Json:
    """Add a user message and the reply to it."""
    reply = _converse(call, _assistant(call), call.body["message"])
    _suggest(call.state, reply)
    return {"messageId": reply.id}


def _assistant(call: Call) -> Assistant:
    return find(call.state.assistants, call.path["assistantId"], "Assistant")


def _converse(call: Call, assistant: Assistant, text: str) -> Message:
    question = Message(call.state.new_id("vg_mesg_"), "user", text, call.now)
    call.state.messages[question.id] = question
    assistant.messages.append(question)
    return _reply(call, assistant, f"Here is a draft for: {text[:200]}")


def _reply(call: Call, assistant: Assistant, content: str) -> Message:
    # Replies come one after another, as in any chat.
    last = next((item.job for item in reversed(assistant.messages) if item.job), None)
    job = call.state.new_job("vg_mesg_", "ASSISTANT_MESSAGE", after=last)
    reply = Message(job.id, "assistant", content, call.now, job)
    call.state.messages[reply.id] = reply
    assistant.messages.append(reply)
    return reply


def _suggest(state: State, reply: Message) -> None:
    reply.suggestions = [
        {
            "actionId": state.new_id("act_"),
            "workflowType": "SCRIPT_TO_VIDEO",
            "title": "Script to video",
            "description": "Turn the draft into a narrated video.",
        }
    ]
    reply.actions = [
        _action(state, "APPLY_EDIT", "Apply the shorter draft", summary="A shorter opening line"),
        _action(state, "OPEN_IN_APP", "Open in the app", requires_app=True),
    ]


def _action(state: State, kind: str, label: str, *, requires_app: bool = False, summary: str | None = None) -> Json:
    detail = {"summary": summary, "creditsRemaining": state.account.credits, "estimatedCredits": None}
    return {
        "actionId": state.new_id("act_"),
        "kind": kind,
        "label": label,
        "requiresApp": requires_app,
        "detail": detail,
    }


@handles("actOnAssistantAction")
async def act(call: Call) -> Json:
    """Approve or reject a suggestion or an edit; what needs the app can't be done here."""
    assistant, action_id = _assistant(call), call.path["actionId"]
    item = _offered(assistant, action_id, call.now)
    if item.get("requiresApp") or item.get("kind", "APPLY_EDIT") != "APPLY_EDIT":
        raise invalid("This action can only be done in the web app.")
    if action_id in assistant.decided:
        raise conflict("This action has been decided already.")
    assistant.decided.add(action_id)
    if call.body.get("decision", "APPROVE") == "REJECT":
        return {"messageId": _reply(call, assistant, "Left as it was.").id}
    reply = _reply(call, assistant, "Done.")
    if "workflowType" in item:
        cause, project = reply.job, assistant.project
        reply.run = new_run(call.state, item["workflowType"], project, {}, cause=cause)
    return {"messageId": reply.id}


def _offered(assistant: Assistant, action_id: str, now: float) -> Json:
    for message in assistant.messages:
        if message.job is None or not succeeded(message.job, now):
            continue
        for item in [*message.suggestions, *message.actions]:
            if item["actionId"] == action_id:
                return item
    raise not_found("Action")


@handles("getAssistant")
async def get(call: Call) -> Json:
    """Show a chat, its messages oldest first."""
    assistant = _assistant(call)
    return {
        "assistantId": assistant.id,
        "projectId": assistant.project.id,
        "projectUrl": project_url(assistant.project),
        "messages": [shown(message, call.now) for message in assistant.messages],
    }


@handles("getAssistantMessage")
async def get_message(call: Call) -> Json:
    """Show one message."""
    message = find(call.state.messages, call.path["messageId"], "Message")
    return shown(message, call.now)


def shown(message: Message, now: float) -> Json:
    """Show a message: the user's own are done at once, a reply's content comes at its end."""
    if message.job is None:
        return {
            "messageId": message.id,
            "role": "user",
            "status": "succeeded",
            "content": message.content,
            "attachments": [],
            "createdAt": int(message.created),
        }
    return _shown_reply(message, message.job, now)


def _shown_reply(message: Message, job: Job, now: float) -> Json:
    state = look(job, now)
    done = state.status == "succeeded"
    content = message.content if done else "" if state.terminal else None
    return {
        "messageId": message.id,
        "role": "assistant",
        "status": state.status,
        "content": content,
        "attachments": [],
        "workflowSuggestions": message.suggestions if done else [],
        "actions": message.actions if done else [],
        "generation": shown_start(message.run) if message.run and done else None,
        "error": state.error,
        "createdAt": int(message.created),
    }
