"""Complete searches: every hit of every ask, sliced where there are too many, and proved by counting.

Asks are searched together, in rounds: what is over the cap, or came short, is split and goes into the
next round. At the end the unique ids of a sliced ask are held against the count of the whole.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import date

from queries.errors import Incomplete, OverCap, PubMedError
from queries.pubmed import plan
from queries.pubmed.eutils import Found
from queries.pubmed.plan import Slice
from queries.records.harvest import Ask


@dataclass(frozen=True, slots=True)
class Piece:
    """A slice of an ask as it was answered; `error` says why it is not complete."""

    ask: Ask
    part: Slice
    found: Found
    error: PubMedError | None = None


@dataclass(frozen=True, slots=True)
class _Try:
    ask: Ask
    part: Slice
    again: bool = False


_NOTHING = Found(0, ())
_OVER = "PubMed shows fewer ids than it counts, however small the slices"
_SEARCHES = 200  # that an ask may cost, and so many more for each slice that its count calls for:
_PER_SLICE = 8  # a service that counts what it never shows would have us halve for ever


class Searches:
    """Some asks under way: made, they are sent; `pieces` waits until each is complete or has failed."""

    def __init__(
        self, pool: Executor, ask: Callable[[str], Found], asks: Sequence[Ask], *, today: date, cap: int
    ) -> None:
        """Send every ask; `ask` searches one term, more than `cap` hits are sliced."""
        self._pool, self._ask, self._today, self._cap = pool, ask, today, cap
        self._asks = asks
        self._sent = Counter[Ask]()
        self._round = self._send(_Try(ask, plan.whole(ask)) for ask in asks)

    def pieces(self) -> dict[Ask, tuple[Piece, ...]]:
        """Each ask's slices in order. Trouble is in them; only a bad setting is raised."""
        wholes: dict[Ask, int] = {}
        leaves: dict[Ask, list[Piece]] = {ask: [] for ask in self._asks}
        while self._round:
            following: list[_Try] = []
            for tried, future in self._round:
                piece = future.result()
                wholes.setdefault(tried.ask, piece.found.count)
                if isinstance(piece.error, OverCap) or not (piece.error or self._is_whole(piece.found)):
                    following += self._narrower(tried, piece, wholes[tried.ask], leaves[tried.ask])
                else:
                    leaves[tried.ask].append(piece)
            self._round = self._send(following)
        return {ask: self._proved(ask, wholes[ask], leaves[ask]) for ask in self._asks}

    def _send(self, tries: Iterable[_Try]) -> list[tuple[_Try, Future[Piece]]]:
        sent = [(tried, self._pool.submit(self._look, tried.ask, tried.part)) for tried in tries]
        self._sent.update(tried.ask for tried, _ in sent)
        return sent

    def _look(self, ask: Ask, part: Slice) -> Piece:
        try:
            return Piece(ask, part, self._ask(plan.term(ask, part)))
        except PubMedError as error:
            return Piece(ask, part, _NOTHING, error)

    def _is_whole(self, found: Found) -> bool:
        return len(set(found.pmids)) >= found.count and found.count <= self._cap

    def _narrower(self, tried: _Try, piece: Piece, whole: int, leaves: list[Piece]) -> list[_Try]:
        """What to ask instead: the same once more if ids came short of the count, else halves."""
        short = not piece.error and piece.found.count <= self._cap
        if short and not tried.again:
            return [_Try(tried.ask, tried.part, again=True)]
        halves = plan.halves(tried.part, self._today, piece.found.pmids)
        if halves is None or self._sent[tried.ask] > _SEARCHES + _PER_SLICE * whole // self._cap:
            error = Incomplete(
                f"{tried.ask.topic} {tried.ask.lane}", _OVER, "Report this: PubMed has changed"
            )
            leaves.append(Piece(tried.ask, tried.part, piece.found, error))
            return []
        return [_Try(tried.ask, half) for half in halves]

    def _proved(self, ask: Ask, count: int, leaves: list[Piece]) -> tuple[Piece, ...]:
        """Hold the slices against the whole; where they hold too little, ask everything once more."""
        leaves.sort(key=lambda piece: (piece.part.since or date.min, piece.part.low))
        if len(leaves) < 2 or any(piece.error for piece in leaves) or _ids(leaves) >= count:  # noqa: PLR2004 - not sliced
            return tuple(leaves)
        whole = self._look(ask, plan.whole(ask))
        again = [
            piece
            for _, future in self._send(_Try(ask, old.part) for old in leaves)
            if (piece := future.result())
        ]
        merged = [_merged(old, new) for old, new in zip(leaves, again, strict=True)]
        if whole.error or any(piece.error for piece in merged):
            return tuple(merged)
        if (have := _ids(merged)) < whole.found.count:
            error = Incomplete(
                f"{ask.topic} {ask.lane}",
                f"the slices hold {have} of {whole.found.count} hits, after a second look",
                "The next run asks the same days again",
            )
            merged[-1] = Piece(ask, merged[-1].part, merged[-1].found, error)
        return tuple(merged)


def _ids(pieces: Iterable[Piece]) -> int:
    return len({pmid for piece in pieces for pmid in piece.found.pmids})


def _merged(old: Piece, new: Piece) -> Piece:
    """Both looks at a slice: what either showed."""
    pmids = tuple(dict.fromkeys(new.found.pmids + old.found.pmids))
    found = Found(max(new.found.count, len(pmids)), pmids, new.found.translation, new.found.warnings)
    return Piece(old.ask, old.part, found, new.error)
