"""What a person may give a flow by hand: Prefect's form and API refuse anything else before a run begins."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import WithJsonSchema

# a pattern beside the format, as Prefect's validation takes a format for a comment
Day = Annotated[date, WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"})]
Moment = Annotated[
    datetime,
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d"}),
]


def as_of(now: datetime | None) -> datetime:
    """The moment that a flow runs as of, in UTC: the clock's, or `now` (UTC unless it says its zone)."""
    moment = now or datetime.now(UTC)
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
