"""PubMed's calendar: which day it is there, which day is settled, which days a digest speaks of.

Nothing else computes these. A day is US Eastern, and fills up during its morning; asked at noon UTC of
the next day or later it is whole, as third parties have measured: then it is settled. A digest speaks
of the days that every topic was read for, as `queries/ledger.py` proves them, and of no other.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from queries.records.library import Span

EASTERN = ZoneInfo("America/New_York")
DAY = timedelta(days=1)
SETTLES = timedelta(days=1, hours=12)  # from a day's midnight in UTC until it is settled
STALE = timedelta(days=2)  # a daily harvest comes nearer than that


def eastern(moment: datetime) -> datetime:
    """The clock in Bethesda at an aware moment, without a zone, as PubMed writes its dates."""
    return moment.astimezone(EASTERN).replace(tzinfo=None)


def eastern_day(moment: datetime) -> date:
    """PubMed's day at an aware moment."""
    return eastern(moment).date()


def settled(moment: datetime) -> date:
    """The last Eastern day that PubMed has finished at an aware moment."""
    return (moment.astimezone(UTC) - SETTLES).date()


def digest_days(read: Span | None, last: date | None, now: datetime) -> Span:
    """The days that a digest speaks of: from the day after the last digest's to the end of what was read.

    `read` is what every topic has been read for, `last` the final day of the digest before; None where
    there is none. Days before `read` begins (a topic is newer than the last digest) are left out. If no
    day was read since the last digest, `since` is later than `until`: no day at all.
    """
    if read is None:
        until = last or settled(now)
        return Span(until + DAY, until)
    return Span(max(last + DAY, read.since) if last else read.since, read.until)


def stale(until: date, now: datetime) -> bool:
    """Whether what has been read ends so early that harvests must have failed."""
    return until < settled(now) - STALE
