"""When the flows of a watch run."""

import re
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, field_validator

from queries.watch.mistakes import WatchTable
from queries.watch.values import YesNo


def _cron(text: str) -> str:
    try:
        CronSim(text, datetime(2026, 1, 1))  # noqa: DTZ001 - only its syntax is asked
    except CronSimError as error:
        msg = f"is not a cron expression of five fields ({error})"
        raise ValueError(msg) from error
    if re.search(r"LW|\dL", text, re.IGNORECASE):  # Prefect, which runs it, refuses these
        msg = "is not a cron expression that can be run: write days as numbers, names or L"
        raise ValueError(msg)
    return text


Cron = Annotated[str, AfterValidator(_cron)]


def _days(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d{0,3} days?", text):
        msg = 'is not a number of days such as "30 days"'
        raise ValueError(msg)
    return text


class Schedule(WatchTable):
    """When the flows run, in the watch's own time zone."""

    timezone: str = "UTC"
    first: Annotated[str, AfterValidator(_days)] = "30 days"
    backlog: YesNo = True
    harvest: Cron = "0 6 * * *"
    digest: Cron = "0 7 * * MON"
    sweep: Cron = "0 5 1 * *"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            msg = "is not an IANA time zone such as Europe/Oslo"
            raise ValueError(msg)
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the schedule and of the dates in the digest."""
        return ZoneInfo(self.timezone)

    def last_time(self, cron: str, now: datetime) -> datetime:
        """The last moment up to `now`, which is aware, at which a flow of this schedule was to start."""
        local = (now + timedelta(seconds=1)).astimezone(self.zone)  # the cron reader leaves its start out
        return next(CronSim(cron, local, reverse=True))

    @property
    def first_days(self) -> int:
        """How many days the very first harvest looks back."""
        return int(self.first.split()[0])
