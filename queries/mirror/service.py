"""What the utilities share: the corpus as it is at a moment, the history, the limits."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from queries.mirror import answers
from queries.mirror.corpus import Corpus, View
from queries.mirror.faults import Fault
from queries.mirror.history import Sessions
from queries.mirror.language import Reader
from queries.mirror.parameters import ApiError, Parameters, number, one, pmids


@dataclass(frozen=True)
class Moment:
    """When a request is answered, and the fault that corrupts the answer."""

    now: datetime
    local: datetime
    view: View
    fault: Fault | None

    @property
    def hidden(self) -> int:
        """How many of the newest hits a search keeps back."""
        return self.fault.by if self.fault and self.fault.kind == "count_changes_midway" else 0


@dataclass
class Service:
    """`cap` is the number of hits that a search may show; `dtd` the year of EFetch's DTD."""

    reader: Reader
    cap: int = 9999
    dtd: int = 2025
    sessions: Sessions = field(default_factory=lambda: Sessions(timedelta(hours=1)))

    @property
    def corpus(self) -> Corpus:
        """What is served."""
        return self.reader.corpus

    def asked(self, params: Parameters, moment: Moment) -> list[int]:
        """The PMIDs that a request is about: by id, or by history; each once."""
        web_env, key = one(params, "WebEnv"), one(params, "query_key")
        start, most = number(params, "retstart", 0), number(params, "retmax", 10_000)
        if not (web_env and key):
            return pmids(params)[start : start + most]
        held = self.sessions.pmids(web_env, number(params, "query_key", 0), moment.now)
        if start >= self.cap:
            text = answers.TOO_FAR.format(last=self.cap - 1, cap=self.cap)
            raise ApiError(
                text.replace("Search Backend failed", "Search backend cannot retrieve history data"), 400
            )
        if held and start >= len(held):
            raise ApiError(
                f"Cannot retrieve history data: OUT OF RANGE. Parameter retstart={start} + 1 is greater than"
                f" number of records available in history. History includes {len(held)} IDs.",
                400,
            )
        return list(held[start : min(start + most, self.cap)])
