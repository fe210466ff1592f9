"""What a person may give a flow by hand: Prefect's form and API refuse anything else before a run begins."""

from datetime import date, datetime
from typing import Annotated

from pydantic import WithJsonSchema

# a pattern beside the format, as Prefect's validation takes a format for a comment
Day = Annotated[date, WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"})]
Moment = Annotated[
    datetime,
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d"}),
]
