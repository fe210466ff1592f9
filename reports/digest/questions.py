"""Which of a reader's questions an article answers, and in which order articles stand under one. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from queries.evidence import questions as spoken_to
from queries.evidence.study import CLINICAL, TRIALS
from queries.records.digest import Band
from queries.watch.file import Watch
from reports.digest.inputs import Candidate
from reports.digest.record import BENCH, CLINIC, OTHER, Entry, ReadersQuestion

# In the clinic: what changes practice first. Whatever is not named stands last.
_RANKS: Final = (
    dict.fromkeys(TRIALS, 2)
    | {"guideline": 0, "randomised trial": 0, "meta-analysis": 1, "systematic review": 1}
    | dict.fromkeys(("cohort", "case-control study", "cross-sectional study"), 3)
    | {"case report": 4}
)
_LAST: Final = 5
_BANDS: Final = tuple(Band)  # the nearest first
_LABORATORY: Final = frozenset({"in vivo", "in vitro", "patient samples"})


def of_watch(watch: Watch) -> tuple[ReadersQuestion, ...]:
    """The watch's questions: its own, else clinic and bench."""
    if not watch.questions:
        return CLINIC, BENCH
    return (*(ReadersQuestion(each.name, each.name) for each in watch.questions), OTHER)


def question(candidate: Candidate, watch: Watch, shares: Mapping[str, float]) -> str:
    """The key of the question that an article answers.

    By default the clinic's is any study of people, and whatever is on stopping treatment in them; all
    else is the bench's. Of a watch's own questions it is the one with the keyword that the article is most
    about (`shares`: how often each is hit in this digest), else the first with a topic that found it.
    """
    if not watch.questions:
        study = candidate.evidence.study
        stopping = candidate.evidence.tfr and study not in _LABORATORY
        return CLINIC.key if study in CLINICAL or stopping else BENCH.key
    for spoken in spoken_to.questions(candidate.hits, shares):
        for each in watch.questions:
            if spoken.keyword in each.keywords:
                return each.name
    found = (each.name for each in watch.questions if set(each.topics).intersection(candidate.topics))
    return next(found, OTHER.key)


def reading_order(entries: Iterable[Entry], questions: Sequence[ReadersQuestion]) -> tuple[Entry, ...]:
    """Question by question, by band, in the clinic by kind of study; else as they come."""
    places = {question.key: place for place, question in enumerate(questions)}

    def place(entry: Entry) -> tuple[int, int, int]:
        rank = _RANKS.get(entry.study, _LAST) if entry.question == CLINIC.key else 0
        return places[entry.question], _BANDS.index(entry.band), rank

    return tuple(sorted(entries, key=place))
