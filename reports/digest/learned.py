"""What readers' new verdicts changed in a digest's order, in one line that is true of this digest. Pure."""

from collections.abc import Mapping, Sequence

from queries.ranking import Hits, Ranker, SeedSet
from queries.ranking.verdicts import resemblance
from queries.records.article import Article
from queries.records.digest import Scored
from queries.text.tokens import Vectors
from reports.digest.entry import clean
from reports.digest.inputs import NewVerdicts

SHORTEST = 20  # characters of a title before its first colon that still say what it is
LONGEST = 60


def learned(
    new: NewVerdicts, now: SeedSet, articles: Sequence[Article], vectors: Vectors,
    scores: Mapping[int, Scored], hits: Hits,
) -> str:  # fmt: skip
    """Say how many verdicts there are, and like which judged paper something ranks higher, or lower, now.

    It is said only of a paper that something in this digest resembles and that moved so by the verdicts.
    """
    verdicts = f"{new.articles} verdict{'s' * (new.articles != 1)} since digest {new.since}"
    if not articles:
        return f"{verdicts}; they count from the next papers on."
    before = {scored.pmid: scored for scored in Ranker(new.before, hits=hits).score(articles, vectors)}
    moves = {pmid: _gain(before[pmid], scored) for pmid, scored in scores.items()}
    rows = [moves[article.pmid] for article in articles]
    liked = _nearest(_added(new.before.positive, now.positive), vectors, [move > 0 for move in rows])
    rejected = _nearest(_added(new.before.negative, now.negative), vectors, [move < 0 for move in rows])
    parts = [
        f"papers like {_short(article)} now rank {way}"
        for article, way in ((rejected, "lower"), (liked, "higher"))
        if article
    ]
    if not parts:
        return f"{verdicts}; nothing in this digest is near enough to them to move."
    return f"{verdicts}; {' and '.join(parts)}."


def _gain(before: Scored, after: Scored) -> float:
    """Above 0 if it ranks higher than before: by its place, and as far as that is the same, by its score."""
    return float(before.place - after.place) or after.score - before.score


def _added(before: Sequence[Article], now: Sequence[Article]) -> list[Article]:
    known = {article.pmid for article in before}
    return [article for article in now if article.pmid not in known]


def _nearest(judged: Sequence[Article], vectors: Vectors, moved: Sequence[bool]) -> Article | None:
    """Of the judged, that which something that moved resembles most; None if nothing does."""
    nearness = {
        article.pmid: max(
            (near for near, it_moved in zip(resemblance(vectors, article), moved, strict=True) if it_moved),
            default=0.0,
        )
        for article in judged
    }
    best = max(judged, key=lambda article: (nearness[article.pmid], -article.pmid), default=None)
    return best if best and nearness[best.pmid] > 0 else None


def _short(article: Article) -> str:
    """The title up to its colon, cut at a word, in typographic quotes."""
    title = clean(article.title).rstrip(".")
    head = title.partition(": ")[0]
    short = head if len(head) >= SHORTEST else title
    if len(short) > LONGEST:
        short = short[:LONGEST].rsplit(" ", 1)[0] + "…"
    return f"“{short}”"
