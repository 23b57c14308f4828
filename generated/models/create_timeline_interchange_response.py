"""The API's `CreateTimelineInterchangeResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._accepted import Accepted
from ..._codecs import id_of
from ..._model import Field, model

if TYPE_CHECKING:
    from . import InterchangeJobId
    from . import TimelineInterchange as TimelineInterchange


@model
class CreateTimelineInterchangeResponse(Accepted["TimelineInterchange"]):
    """The interchange job that was started. No webhook reports it, so poll it; it can't be cancelled."""

    interchange_job_id: InterchangeJobId
    """The job to poll."""
    __kind__ = "InterchangeJobId"
    __id__ = "interchange_job_id"
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("interchangeJobId", "interchange_job_id", id_of("InterchangeJobId"), required=True),
    )

    @property
    def id(self) -> InterchangeJobId:
        """The id, which is all that is needed to collect the job later."""
        return self.interchange_job_id
