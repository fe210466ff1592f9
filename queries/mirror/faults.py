"""A deterministic plan of what goes wrong: which request, which fault.

    FaultPlan([
        Fault("429", times=2),                          # the next two requests
        Fault("error:E1", util="esearch", at=3),        # the third ESearch
        Fault("truncate", util="efetch", size=500),     # every EFetch, until removed
        Fault("500html", one_in=20),                    # by chance, the same for the same seed
    ], seed=7)

Requests are counted from 1, for a fault with `util` only those of that utility, from the moment that the
plan is set. Of several faults that apply to a request, the first listed does. See KINDS for their names.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from threading import Lock

from queries.errors import InputError
from queries.mirror import answers
from queries.mirror.answers import HTML, JSON, XML, Response

_PAGE = "<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
_XHTML = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"'
    ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n'
)
_TRANSIENT = "This could be a transient problem, please try the query again."
_EOF = "Read failed: EOF (the other side has unexpectedly closed connection), peer: 192.0.2.1:7011"
_TEXTS = {  # code → status, NCBI's words
    "E1": (200, "Search Backend failed: Database is not supported: pubmed"),
    "E2": (200, answers.TOO_FAR.format(last=9998, cap=9999)),
    "E3": (200, "Search Backend failed: Exception: 502 Proxy Error"),
    "S5": (400, " Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout"),
    "S6": (400, "proxy_stream(): Failed to connect to PubOne service"),
    "E6": (200, "Unable to obtain query #1"),
    "E12": (200, "Couldn't resolve #exLinkSrv2, the address table is empty."),
    "E13": (200, f"NCBI C++ Exception:\n Error: TXCLIENT(CException::eUnknown) {_EOF}"),
}
_PAGES = {
    "500html": (500, "NCBI/eutils202 - WWW Error 500 Diagnostic", _TRANSIENT),
    "502": (502, "Bad Gateway", "The proxy server received an invalid response from an upstream server."),
    "503": (503, "Service Unavailable", "The server is temporarily unable to service your request."),
    "504": (504, "Gateway Timeout", "The gateway did not receive a timely response."),
    "html200": (200, "NCBI", "Too many requests. Please try again later."),
    "xhtml200": (200, "NCBI", "Too many requests. Please try again later."),
    "outage": (200, "NCBI", '<a href="https://www.ncbi.nlm.nih.gov/down_bethesda.html">planned outage</a>'),
}
_CORRUPT = {"truncate", "drop", "dup", "extra_unknown_tag", "dtd260101", "count_changes_midway"}
_WIRE = {"slow", "hang", "reset", "reset_on_keepalive", "webenv_expire"}
KINDS = frozenset(
    {"429", "400key", "empty200", "prolog_only", "error:E14", *_PAGES, *_CORRUPT, *_WIRE}
    | {f"error:{code}" for code in _TEXTS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault, and the requests that it befalls.

    `at`: only the request of this number; `after`: only later ones; `times`: at most so often; `one_in`:
    with this chance. `size`: bytes left by truncate, `ended`: as if they were all; `pmids`: those dropped
    or doubled; `seconds`: of slow; `by`: how many of the newest hits count_changes_midway keeps back.
    """

    kind: str
    util: str = ""
    at: int = 0
    after: int = 0
    times: int = 0
    one_in: int = 0
    size: int = 200
    ended: bool = False
    pmids: tuple[int, ...] = ()
    seconds: float = 1.0
    by: int = 1

    def __post_init__(self) -> None:
        """Refuse a name that would silently do nothing."""
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(sorted(KINDS))}")


def read_fault(text: str) -> Fault:
    """A fault as the command line has it: "429", "error:E1,util=esearch,at=3", "slow,seconds=2,one_in=10".

    InputError: an unknown kind or setting, or a setting that is no number.
    """
    kind, *settings = (part.strip() for part in text.split(","))
    known: dict[str, Callable[[str], object]] = {
        **dict.fromkeys(("at", "after", "times", "one_in", "size", "by"), int),
        "util": str,
        "seconds": float,
        "pmids": lambda value: tuple(map(int, value.split("+"))),
    }
    chosen: dict[str, object] = {}
    try:
        for setting in settings:
            name, _, value = setting.partition("=")
            chosen[name] = known[name](value)
        return Fault(kind=kind, **chosen)  # type: ignore[arg-type]  # each was made by its own reader
    except KeyError as name:
        raise InputError(f"--fault {text}", f"no setting {name}", f"Use {', '.join(known)}") from name
    except ValueError as problem:
        raise InputError(f"--fault {text}", str(problem), "Write KIND,name=value") from problem


@dataclass
class FaultPlan:
    """Faults in order of precedence. Chance depends on the seed and the request's number alone."""

    faults: Iterable[Fault] = ()
    seed: int = 0
    _counts: dict[str, int] = field(default_factory=dict)
    _used: dict[int, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Take the faults once."""
        self.faults = tuple(self.faults)

    def choose(self, util: str, *, reused: bool) -> Fault | None:
        """Count a request and return what befalls it; `reused`: not the connection's first."""
        with self._lock:
            for each in ("", util):
                self._counts[each] = self._counts.get(each, 0) + 1
            for place, fault in enumerate(self.faults):
                if fault.util in {"", util} and self._befalls(place, fault, reused=reused):
                    self._used[place] = self._used.get(place, 0) + 1
                    return fault
        return None

    def _befalls(self, place: int, fault: Fault, *, reused: bool) -> bool:
        number = self._counts[fault.util]
        if fault.kind == "reset_on_keepalive" and not reused:
            return False
        if (fault.at and number != fault.at) or number <= fault.after:
            return False
        if fault.times and self._used.get(place, 0) >= fault.times:
            return False
        chance = Random(f"{self.seed} {place} {number}")  # noqa: S311 - to be repeatable
        return not fault.one_in or chance.randrange(fault.one_in) == 0


def webenv_expire_after(requests: int) -> Fault:
    """The fault that lets every WebEnv expire once this many requests were answered."""
    return Fault(kind="webenv_expire", at=requests + 1)


def replacement(fault: Fault, util: str, *, in_json: bool, caller: str) -> Response | None:
    """The answer that takes the true one's place; None for faults that let it stand."""
    if fault.kind in _PAGES:
        status, title, text = _PAGES[fault.kind]
        page = _PAGE.format(title=title, text=text)
        return Response((_XHTML + page if fault.kind == "xhtml200" else page).encode(), HTML, status)
    code = fault.kind.removeprefix("error:")
    if code in _TEXTS:
        status, text = _TEXTS[code]
        return answers.error(util, text, status=status, in_json=in_json)
    return {
        "429": answers.throttled(caller, 4, 3),
        "400key": answers.bad_key(caller),
        "empty200": Response(b"", JSON if in_json else XML),
        "prolog_only": Response(answers.prolog(util).encode(), XML),
        "error:E14": Response(answers.prolog(util).encode(), XML),
    }.get(fault.kind)


def corrupt(fault: Fault, answer: Response) -> Response:
    """The true answer, with the damage that a fault does to a PubmedArticleSet's bytes."""
    match fault.kind:
        case "truncate":
            return answer._replace(body=answer.body[: fault.size])
        case "extra_unknown_tag":
            extra = b"<FutureList Kind='new'><Future>1</Future></FutureList></MedlineCitation>"
            return answer._replace(body=answer.body.replace(b"</MedlineCitation>", extra))
    return answer


def handed_out(fault: Fault | None, pmids: list[int]) -> list[int]:
    """The PMIDs that an EFetch hands out under `fault`."""
    if fault and fault.kind == "drop":
        return [pmid for pmid in pmids if pmid not in fault.pmids]
    if fault and fault.kind == "dup":
        return pmids + [pmid for pmid in pmids if pmid in fault.pmids]
    return pmids
