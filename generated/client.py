"""All resource groups of the API in one object, generated from openapi.yaml."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._operation import Transport
    from .api.account import Account
    from .api.assistant import Assistant
    from .api.entities import Entities
    from .api.files import Files
    from .api.projects import Projects
    from .api.resources import Resources
    from .api.text import Text
    from .api.tools import Tools
    from .api.webhooks import Webhooks
    from .api.workflows import Workflows


class Groups:
    """The API's operations, by resource group; a group's module is imported when it is first used."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @cached_property
    def workflows(self) -> Workflows:
        """The operations of the group Workflows."""
        from .api.workflows import Workflows

        return Workflows(self._transport)

    @cached_property
    def projects(self) -> Projects:
        """The operations of the group Projects."""
        from .api.projects import Projects

        return Projects(self._transport)

    @cached_property
    def assistant(self) -> Assistant:
        """The operations of the group Assistant."""
        from .api.assistant import Assistant

        return Assistant(self._transport)

    @cached_property
    def tools(self) -> Tools:
        """The operations of the group Tools."""
        from .api.tools import Tools

        return Tools(self._transport)

    @cached_property
    def text(self) -> Text:
        """The operations of the group Text."""
        from .api.text import Text

        return Text(self._transport)

    @cached_property
    def files(self) -> Files:
        """The operations of the group Files."""
        from .api.files import Files

        return Files(self._transport)

    @cached_property
    def entities(self) -> Entities:
        """The operations of the group Entities."""
        from .api.entities import Entities

        return Entities(self._transport)

    @cached_property
    def resources(self) -> Resources:
        """The operations of the group Resources."""
        from .api.resources import Resources

        return Resources(self._transport)

    @cached_property
    def webhooks(self) -> Webhooks:
        """The operations of the group Webhooks."""
        from .api.webhooks import Webhooks

        return Webhooks(self._transport)

    @cached_property
    def account(self) -> Account:
        """The operations of the group Account."""
        from .api.account import Account

        return Account(self._transport)
