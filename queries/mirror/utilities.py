"""The six E-utilities over a corpus: parameters in, an Response out, no HTTP in between."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from queries.calendar import eastern
from queries.errors import TermError, Unmodelled
from queries.mirror import answers
from queries.mirror.answers import Page, Response
from queries.mirror.corpus import Corpus, Docs, View
from queries.mirror.einfo import databases, described
from queries.mirror.faults import Fault, handed_out
from queries.mirror.history import HistoryGone, Sessions
from queries.mirror.language import Reader, SearchResult
from queries.mirror.links import linked
from queries.mirror.medline import medline
from queries.mirror.parameters import (
    ApiError,
    Parameters,
    check_database,
    ids,
    in_json,
    number,
    one,
    pmids,
    window,
)
from queries.mirror.summary import summaries_json, summaries_xml
from queries.readers.pubmed_xml import read
from queries.records.article import Article
from queries.terms.tags import canonical

_MOST_JSON = 500
_MOST_POSTED = 10_000


@dataclass(frozen=True)
class Moment:
    """When a request is answered, and the fault that bends the answer."""

    now: datetime
    local: datetime
    view: View
    fault: Fault | None

    @property
    def hidden(self) -> int:
        """How many of the newest hits a search keeps back."""
        return self.fault.by if self.fault and self.fault.kind == "count_changes_midway" else 0


@dataclass
class Utilities:
    """The service. `cap` is the number of hits that a search may show; `dtd` the year of EFetch's DTD."""

    reader: Reader
    cap: int = 9999
    dtd: int = 2025
    sessions: Sessions = field(default_factory=lambda: Sessions(timedelta(hours=1)))

    @property
    def corpus(self) -> Corpus:
        """What is served."""
        return self.reader.corpus

    def answer(self, util: str, params: Parameters, now: datetime, fault: Fault | None = None) -> Response:
        """Response one request at the moment `now` (aware)."""
        local = eastern(now)
        moment = Moment(now, local, self.corpus.view(local), fault)
        try:
            return _UTILITIES[util](self, params, moment)
        except ApiError as error:
            return answers.error(util, error.text, status=error.status, in_json=in_json(params))
        except HistoryGone as gone:
            return answers.error(util, f"Unable to obtain query #{gone}", in_json=in_json(params))
        except Unmodelled as lack:
            return answers.error(util, f"Mirror: {lack}", status=501, in_json=in_json(params))
        except TermError as broken:
            return answers.error(util, f"Mirror: {broken}", status=400, in_json=in_json(params))

    def esearch(self, params: Parameters, moment: Moment) -> Response:
        """ESearch, NBK25499."""
        check_database(params, "db")
        found, docs = self._searched(params, moment)
        if one(params, "rettype") == "count":
            return answers.count("esearch", len(docs), in_json=in_json(params))
        start, most = number(params, "retstart", 0), number(params, "retmax", 20)
        if start >= self.cap and len(docs) > self.cap:
            raise ApiError(answers.TOO_FAR.format(last=self.cap - 1, cap=self.cap))
        if start + most > self.cap:
            most = max(0, self.cap - start)
            found.messages.append(f"Restrictions achieved. start and count adjusted to {start}, {most}")
        if not len(docs):
            found.messages.append("No items found.")
        hits = [int(pmid) for pmid in self.corpus.pmids[docs]]
        key, web_env = None, ""
        if one(params, "usehistory").lower() == "y":
            key, web_env = self.sessions.keep(one(params, "WebEnv"), hits, moment.now)
        page = Page(len(hits), start, hits[start : start + most], found, key, web_env)
        return answers.search(page, in_json=in_json(params))

    def _searched(self, params: Parameters, moment: Moment) -> tuple[SearchResult, Docs]:
        """What the term finds, in the order asked."""
        term, web_env, key = one(params, "term").strip(), one(params, "WebEnv"), one(params, "query_key")
        if key:
            term = f"({term}) AND #{key}" if term else f"#{key}"
        if not term:
            raise ApiError("Empty term and query_key - nothing todo")
        tag = canonical(one(params, "field"))[0]
        found = self.reader.search(
            *(term, moment.view, moment.local.date()),
            tag=tag,
            window=window(params, moment.local.date()),
            history=(lambda number: self.sessions.pmids(web_env, number, moment.now)) if web_env else None,
        )
        docs = self._ordered(found.docs, one(params, "sort"))
        return found, docs[moment.hidden :]

    def _ordered(self, docs: Docs, sort: str) -> Docs:
        """Newest first, as PubMed's default; or by `sort`."""
        corpus, key = self.corpus, sort.lower().replace("+", " ").replace("_", " ")
        newest = docs[np.lexsort((corpus.pmids[docs], corpus.created[docs]))[::-1]]
        if key in {"", "most recent", "date added"}:
            return newest
        if key in {"pub date", "pubdate"}:
            return newest[np.argsort(-corpus.pub_date[newest].astype(np.int64), kind="stable")]
        names = {"author": corpus.author, "first author": corpus.author, "journalname": corpus.journal}
        if key not in {*names, "journal"}:
            raise Unmodelled(
                f"sort={sort}", "no such order here", "Use pub_date, Author, JournalName or none"
            )
        return newest[np.argsort(names.get(key, corpus.journal)[newest], kind="stable")]

    def efetch(self, params: Parameters, moment: Moment) -> Response:
        """EFetch, NBK25499."""
        check_database(params, "db")
        mode, kind = one(params, "retmode").lower(), one(params, "rettype").lower()
        docs = moment.view.of(handed_out(moment.fault, self._asked(params, moment)))
        if kind == "medline":
            return Response("\n".join(map(medline, self._articles(docs))).encode(), answers.TEXT)
        if kind == "uilist" and mode in {"", "text"}:
            return Response("".join(f"{pmid}\n" for pmid in self.corpus.pmids[docs]).encode(), answers.TEXT)
        if mode not in {"", "xml"} or kind not in {"", "xml", "full", "abstract"}:
            raise Unmodelled(f"rettype={kind}, retmode={mode}", "not modelled", "Use xml, medline or uilist")
        dtd = 2026 if moment.fault and moment.fault.kind == "dtd260101" else self.dtd
        return answers.articles(self.corpus.raw(docs), dtd)

    def _asked(self, params: Parameters, moment: Moment) -> list[int]:
        """The PMIDs that a request is about: by id, or by history; each once."""
        web_env, key = one(params, "WebEnv"), one(params, "query_key")
        if not (web_env and key):
            start = number(params, "retstart", 0)
            return pmids(params)[start : start + number(params, "retmax", 10_000)]
        start, most = number(params, "retstart", 0), number(params, "retmax", 10_000)
        held = self.sessions.pmids(web_env, int(key) if key.isdigit() else 0, moment.now)
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

    def _articles(self, docs: Sequence[int]) -> list[Article]:
        return [article for raw in self.corpus.raw(docs) if isinstance(article := read(raw), Article)]

    def esummary(self, params: Parameters, moment: Moment) -> Response:
        """ESummary, version 1 in XML, 0.3 in JSON."""
        check_database(params, "db")
        asked = self._asked(params, moment)
        if in_json(params) and len(asked) > _MOST_JSON:
            raise ApiError(
                f"Too many UIDs in request. Maximum number of UIDs is {_MOST_JSON} for JSON format output."
            )
        if not in_json(params) and one(params, "version").startswith("2"):
            raise Unmodelled("version=2.0", "its XML is not modelled", "Use retmode=json or version 1")
        docs = moment.view.of(asked)
        raw = dict(zip((int(pmid) for pmid in self.corpus.pmids[docs]), self.corpus.raw(docs), strict=True))
        return summaries_json(asked, raw) if in_json(params) else summaries_xml(asked, raw)

    def epost(self, params: Parameters, moment: Moment) -> Response:
        """EPost: up to 10,000 PMIDs, not checked for existence."""
        check_database(params, "db")
        posted = [int(text) for group in ids(params) for text in group if text.isdigit()]
        if not posted:
            return answers.nothing_posted(invalid=any(ids(params)))
        key, web_env = self.sessions.keep(one(params, "WebEnv"), posted[:_MOST_POSTED], moment.now)
        return answers.posted(key, web_env)

    def elink(self, params: Parameters, moment: Moment) -> Response:
        """ELink from PubMed to PubMed and PMC."""
        check_database(params, "dbfrom")
        keep = lambda found: self.sessions.keep(one(params, "WebEnv"), found, moment.now)  # noqa: E731 - one use
        return linked(self.reader, params, moment.view, moment.local.date(), keep)

    def einfo(self, params: Parameters, moment: Moment) -> Response:
        """EInfo of all databases (one), or of PubMed."""
        if not one(params, "db"):
            return databases(in_json=in_json(params))
        check_database(params, "db")
        return described(len(moment.view.docs), moment.local, in_json=in_json(params))


_UTILITIES: dict[str, Callable[[Utilities, Parameters, Moment], Response]] = {
    "einfo": Utilities.einfo,
    "esearch": Utilities.esearch,
    "efetch": Utilities.efetch,
    "esummary": Utilities.esummary,
    "epost": Utilities.epost,
    "elink": Utilities.elink,
}
NAMES = frozenset(_UTILITIES)
