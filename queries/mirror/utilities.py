"""The E-utilities over a corpus: parameters in, a Response out, no HTTP in between."""

from collections.abc import Callable, Sequence
from datetime import datetime

from queries.calendar import eastern
from queries.errors import TermError, Unmodelled
from queries.mirror import answers, einfo, fetch, links, lookups, search
from queries.mirror.answers import Response
from queries.mirror.faults import Fault
from queries.mirror.history import HistoryGone
from queries.mirror.parameters import ApiError, Parameters, as_pmid, check_database, ids, in_json, one
from queries.mirror.service import Moment, Service

_MOST_POSTED = 10_000


def answer(
    service: Service, util: str, params: Parameters, now: datetime, fault: Fault | None = None
) -> Response:
    """Answer one request at the moment `now` (aware)."""
    local = eastern(now)
    moment = Moment(now, local, service.corpus.view(local), fault)
    json = in_json(params)
    try:
        return _UTILITIES[util](service, params, moment)
    except ApiError as error:
        return answers.error(util, error.text, status=error.status, in_json=json)
    except HistoryGone as gone:
        return answers.error(util, f"Unable to obtain query #{gone}", in_json=json)
    except Unmodelled as lack:
        return answers.error(util, f"Mirror: {lack}", status=501, in_json=json)
    except TermError as broken:
        return answers.error(util, f"Mirror: {broken}", status=400, in_json=json)


def epost(service: Service, params: Parameters, moment: Moment) -> Response:
    """EPost: up to 10,000 PMIDs, not checked for existence."""
    check_database(params, "db")
    posted = [pmid for group in ids(params) for text in group if (pmid := as_pmid(text))]
    if not posted:
        return answers.nothing_posted(invalid=any(ids(params)))
    key, web_env = service.sessions.keep(one(params, "WebEnv"), posted[:_MOST_POSTED], moment.now)
    return answers.posted(key, web_env)


def elink(service: Service, params: Parameters, moment: Moment) -> Response:
    """ELink from PubMed to PubMed and PMC, by id or from the history."""
    check_database(params, "dbfrom")

    def keep(found: Sequence[int]) -> tuple[int, str]:
        return service.sessions.keep(one(params, "WebEnv"), found, moment.now)

    groups = [[pmid for text in group if (pmid := as_pmid(text))] for group in ids(params)]
    if one(params, "query_key") and not any(groups):
        groups = [service.asked(params, moment)]
    return links.linked(service.reader, params, groups, moment.view, moment.local.date(), keep)


def about(_: Service, params: Parameters, moment: Moment) -> Response:
    """EInfo of all databases (one), or of PubMed."""
    if not one(params, "db"):
        return einfo.databases(in_json=in_json(params))
    check_database(params, "db")
    return einfo.described(len(moment.view.docs), moment.local, in_json=in_json(params))


_UTILITIES: dict[str, Callable[[Service, Parameters, Moment], Response]] = {
    "einfo": about,
    "esearch": search.esearch,
    "efetch": fetch.efetch,
    "esummary": fetch.esummary,
    "epost": epost,
    "elink": elink,
    "egquery": search.egquery,
    "espell": lookups.espell,
    "ecitmatch": lookups.ecitmatch,
}
NAMES = frozenset(_UTILITIES)
