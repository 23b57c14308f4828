"""The API's `ExportProjectResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._accepted import Accepted
from ..._codecs import id_of
from ..._model import Field, model

if TYPE_CHECKING:
    from . import ExportId
    from . import ProjectExport as ProjectExport


@model
class ExportProjectResponse(Accepted["ProjectExport"]):
    """The export that was started. Exports can't be cancelled by API."""

    export_id: ExportId
    """The export to poll."""
    __kind__ = "ExportId"
    __id__ = "export_id"
    __fields__: ClassVar[tuple[Field, ...]] = (Field("exportId", "export_id", id_of("ExportId"), required=True),)

    @property
    def id(self) -> ExportId:
        """The id, which is all that is needed to collect the job later."""
        return self.export_id
