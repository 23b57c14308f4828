"""Async-first client of the VideoGen API, for asyncio and trio.

Layers, low to high; a module imports only from its own layer and lower ones:

0  errors, _ids, _codecs, _model, _accepted, _operation, _event, _version
1  _generated
2  models, webhooks, telemetry, _agenda, _guess, _known, _limits, _logs, _loops, _names, _options, _progress,
   _protocol, _resume, _schedule, _telemetry
3  _keys, _gates, _finish, _calls, _transport (the only module of the core that knows httpx)
4  _targets, _seen, _tracks, _poller, _waiting, _reconcile, _parts, _sources, _transfers, _uploads, _fetch, _downloads
5  _files, _outcomes, _many, _client
6  receiver, endpoints, opentelemetry (needs the extra); sandbox: optional, and independent of the rest
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from ._accepted import Accepted as Accepted
from ._client import VideoGen as VideoGen
from ._generated.types import ActionId as ActionId
from ._generated.types import ApiKeyId as ApiKeyId
from ._generated.types import AssistantId as AssistantId
from ._generated.types import AvatarPresenterId as AvatarPresenterId
from ._generated.types import EntityId as EntityId
from ._generated.types import ExportId as ExportId
from ._generated.types import FileId as FileId
from ._generated.types import FileImportId as FileImportId
from ._generated.types import IntegrationConnectionId as IntegrationConnectionId
from ._generated.types import InterchangeJobId as InterchangeJobId
from ._generated.types import MessageId as MessageId
from ._generated.types import PlaybackId as PlaybackId
from ._generated.types import ProjectId as ProjectId
from ._generated.types import RemixActionId as RemixActionId
from ._generated.types import TeamId as TeamId
from ._generated.types import ToolExecutionId as ToolExecutionId
from ._generated.types import VoiceId as VoiceId
from ._generated.types import WebhookEndpointId as WebhookEndpointId
from ._generated.types import WorkflowRunId as WorkflowRunId
from ._ids import JobId as JobId
from ._ids import ResourceId as ResourceId
from ._model import UNSET as UNSET
from ._model import Unset as Unset
from ._operation import Page as Page
from ._options import Timeouts as Timeouts
from ._version import __version__ as __version__
from .errors import ApiStatusError as ApiStatusError
from .errors import ApprovalRequiredError as ApprovalRequiredError
from .errors import AuthenticationError as AuthenticationError
from .errors import CallError as CallError
from .errors import ConfigurationError as ConfigurationError
from .errors import ConflictError as ConflictError
from .errors import ConnectionFailedError as ConnectionFailedError
from .errors import FileTransferError as FileTransferError
from .errors import InsufficientCreditsError as InsufficientCreditsError
from .errors import InvalidIdError as InvalidIdError
from .errors import InvalidRequestError as InvalidRequestError
from .errors import JobCancelledError as JobCancelledError
from .errors import JobError as JobError
from .errors import JobFailedError as JobFailedError
from .errors import NotFoundError as NotFoundError
from .errors import OutcomeUnknownError as OutcomeUnknownError
from .errors import PermissionDeniedError as PermissionDeniedError
from .errors import RateLimitError as RateLimitError
from .errors import ResponseError as ResponseError
from .errors import ServerError as ServerError
from .errors import VideoGenError as VideoGenError
from .errors import WaitTimeoutError as WaitTimeoutError
from .errors import WebhookVerificationError as WebhookVerificationError

if TYPE_CHECKING:
    from ._outcomes import Mapped as Mapped
    from ._outcomes import Outcome as Outcome
    from ._progress import Progress as Progress
    from ._reconcile import Candidate as Candidate
    from ._reconcile import Reconciliation as Reconciliation

__all__ = [
    "UNSET",
    "Accepted",
    "ActionId",
    "ApiKeyId",
    "ApiStatusError",
    "ApprovalRequiredError",
    "AssistantId",
    "AuthenticationError",
    "AvatarPresenterId",
    "CallError",
    "Candidate",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "EntityId",
    "ExportId",
    "FileId",
    "FileImportId",
    "FileTransferError",
    "InsufficientCreditsError",
    "IntegrationConnectionId",
    "InterchangeJobId",
    "InvalidIdError",
    "InvalidRequestError",
    "JobCancelledError",
    "JobError",
    "JobFailedError",
    "JobId",
    "Mapped",
    "MessageId",
    "NotFoundError",
    "Outcome",
    "OutcomeUnknownError",
    "Page",
    "PermissionDeniedError",
    "PlaybackId",
    "Progress",
    "ProjectId",
    "RateLimitError",
    "Reconciliation",
    "RemixActionId",
    "ResourceId",
    "ResponseError",
    "ServerError",
    "TeamId",
    "Timeouts",
    "ToolExecutionId",
    "Unset",
    "VideoGen",
    "VideoGenError",
    "VoiceId",
    "WaitTimeoutError",
    "WebhookEndpointId",
    "WebhookVerificationError",
    "WorkflowRunId",
    "__version__",
]

_AT_FIRST_USE = {
    "Candidate": "_reconcile",
    "Mapped": "_outcomes",
    "Outcome": "_outcomes",
    "Progress": "_progress",
    "Reconciliation": "_reconcile",
}
"""Names that few programs spell out, so that importing the package doesn't wait for their modules."""


def __getattr__(name: str) -> object:
    if name not in _AT_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(f".{_AT_FIRST_USE[name]}", __name__), name)
    return value
