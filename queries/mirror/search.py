"""ESearch and EGQuery: what a term finds, in which order, and which part of it is shown."""

from math import log
from xml.sax.saxutils import escape

import numpy as np

from queries.mirror import answers
from queries.mirror.answers import Page, Response
from queries.mirror.corpus import Docs
from queries.mirror.fields import STOP_WORDS
from queries.mirror.parameters import ApiError, Parameters, check_database, in_json, number, one, window
from queries.mirror.result import SearchResult
from queries.mirror.service import Moment, Service
from queries.mirror.words import words
from queries.terms.tags import canonical

_MOST_WORDS = 50  # of a term, that its hits are ranked by
_SORTS = {"pub date": "date", "author": "author", "journalname": "journal", "relevance": "relevance"}


def egquery(service: Service, params: Parameters, moment: Moment) -> Response:
    """EGQuery: how many hits in each database, of which there is one."""
    _, docs = _searched(service, params, moment)
    return answers.wrapped(
        "egquery",
        f"\n\t<Term>{escape(one(params, 'term'))}</Term>\n\t<eGQueryResult>\n\t\t<ResultItem>"
        f"<DbName>pubmed</DbName><MenuName>PubMed</MenuName><Count>{len(docs)}</Count>"
        f"<Status>{'Ok' if len(docs) else 'Term or Database is not found'}</Status></ResultItem>"
        "\n\t</eGQueryResult>\n",
    )


def esearch(service: Service, params: Parameters, moment: Moment) -> Response:
    """ESearch."""
    check_database(params, "db")
    result, docs = _searched(service, params, moment)
    if one(params, "rettype").lower() == "count":
        return answers.count("esearch", len(docs), in_json=in_json(params))
    start, most = number(params, "retstart", 0), number(params, "retmax", 20)
    if start >= service.cap and len(docs) > service.cap:
        raise ApiError(answers.TOO_FAR.format(last=service.cap - 1, cap=service.cap))
    if start + most > service.cap:
        most = max(0, service.cap - start)
        result.messages.append(f"Restrictions achieved. start and count adjusted to {start}, {most}")
    if not len(docs):
        result.messages.append("No items found.")
    hits = service.corpus.pmids[docs]
    key, web_env = None, ""
    if one(params, "usehistory").lower() == "y":
        key, web_env = service.sessions.keep(one(params, "WebEnv"), hits, moment.now)
    shown = [int(pmid) for pmid in hits[start : start + most]]
    return answers.search(Page(len(hits), start, shown, result, key, web_env), in_json=in_json(params))


def _searched(service: Service, params: Parameters, moment: Moment) -> tuple[SearchResult, Docs]:
    """What the term finds, in the order asked."""
    term, web_env, key = one(params, "term").strip(), one(params, "WebEnv"), one(params, "query_key")
    if key:
        term = f"({term}) AND #{key}" if term else f"#{key}"
    if not term:
        raise ApiError("Empty term and query_key - nothing todo")
    result = service.reader.search(
        *(term, moment.view, moment.local.date()),
        tag=canonical(one(params, "field"))[0],
        window=window(params, moment.local.date()),
        history=(lambda number: service.sessions.pmids(web_env, number, moment.now)) if web_env else None,
    )
    written = one(params, "sort")
    order = _SORTS.get(" ".join(written.lower().replace("+", " ").replace("_", " ").split()), "")
    if written and not order:
        result.messages.append(f"Unknown sort schema '{written[:100]}' ignored")
    return result, _ordered(service, result.docs, order, term)[moment.hidden :]


def _ordered(service: Service, docs: Docs, order: str, term: str) -> Docs:
    """Newest first, as PubMed's default; or by `order`, newest first where it is alike."""
    corpus = service.corpus
    newest = docs[np.lexsort((corpus.pmids[docs], corpus.created[docs]))[::-1]]
    if order == "date":
        return newest[np.argsort(-corpus.pub_date[newest].astype(np.int64), kind="stable")]
    if order == "relevance":
        return newest[np.argsort(-_relevance(service, term)[newest], kind="stable")]
    return corpus.by_name(newest, order) if order else newest


def _relevance(service: Service, term: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Of each doc: how rare the term's words in its title (twice) and abstract are. PubMed's differs."""
    scores = np.zeros(len(service.corpus.pmids))
    for word in [*dict.fromkeys(words(term))][:_MOST_WORDS]:
        if "*" not in word and word not in STOP_WORDS:
            for fields in (("ti",), ("ti", "ab", "ot")):
                docs = service.corpus.phrase(fields, [[word]])
                scores[docs] += log(1 + len(scores) / (1 + len(docs)))
    return scores
