"""ESpell and ECitMatch: a word's likely spelling, and the PMID of a citation."""

import re
from datetime import date
from functools import reduce

import numpy as np
from rapidfuzz.distance import DamerauLevenshtein

from queries.mirror import answers
from queries.mirror.answers import Response
from queries.mirror.corpus import Docs
from queries.mirror.parameters import ApiError, Parameters, check_database, one
from queries.mirror.service import Moment, Service
from queries.mirror.words import plain, words

_SHORTEST = 4  # letters of a word that is corrected
_FURTHEST = 2  # changed letters
_MOST_WORDS = 20
_MOST_CITATIONS = 1000


def espell(service: Service, params: Parameters, _: Moment) -> Response:
    """ESpell: each word that no record holds becomes the nearest one that begins alike, if one is near."""
    check_database(params, "db")
    term = one(params, "term").strip()
    if not term:
        raise ApiError("Empty term - nothing todo")
    spelled = re.split(r"(\w+)", term)
    asked = 0
    for place, word in enumerate(spelled):
        if len(word) >= _SHORTEST and word.isalpha() and word != "NOT" and asked < _MOST_WORDS:
            asked += 1
            spelled[place] = _nearest(service, word)
    return answers.spelled(term, spelled)


def _nearest(service: Service, word: str) -> str:
    small = plain(word)
    if not small or len(service.corpus.phrase(("ti", "ab", "ot", "mh", "au"), [[small]])):
        return word
    scored = [
        (distance, -count, other)
        for other, count in service.corpus.similar_words(small[:3])
        if (distance := DamerauLevenshtein.distance(small, other, score_cutoff=_FURTHEST)) <= _FURTHEST
    ]
    return min(scored)[2] if scored else word


def ecitmatch(service: Service, params: Parameters, moment: Moment) -> Response:
    """ECitMatch: journal|year|volume|first page|author|key| a line; each comes back with its PMID."""
    check_database(params, "db")
    lines = [line for line in re.split(r"[\r\n]+", one(params, "bdata")) if line.strip()]
    if not lines:
        raise ApiError("Empty bdata - nothing todo")
    rows = []
    for line in lines[:_MOST_CITATIONS]:
        parts = [part.strip() for part in line.split("|")] + [""] * 5
        found = sorted({int(pmid) for pmid in service.corpus.pmids[_matching(service, moment, parts)]})
        answer = str(found[0]) if len(found) == 1 else f"AMBIGUOUS {len(found)} citations"
        rows.append("|".join(line.rstrip("| ").split("|")[:6]) + f"|{answer if found else 'NOT_FOUND'}")
    return Response(("\n".join(rows) + "\n").encode(), answers.TEXT)


def _matching(service: Service, moment: Moment, parts: list[str]) -> Docs:
    """The visible docs that agree with every part that is given."""
    corpus, view = service.corpus, moment.view
    journal, year, volume, page, author = parts[:5]
    conditions = [
        corpus.having(field, [plain(part)])
        for field, part in (("ta", journal), ("vi", volume), ("pg", page))
        if part
    ]
    if year:
        number = int(year) if re.fullmatch(r"[12][0-9]{3}", year) else 1
        conditions.append(corpus.between("dp", date(number, 1, 1), date(number, 12, 31)))
    if names := " ".join(words(author)):
        conditions.append(corpus.having("au", [names], names.replace("%", "") + "%"))
    found = reduce(np.intersect1d, conditions) if conditions else np.empty(0, np.int32)
    return view.seen(found)
