"""From what the library knows to the digest that it keeps: judge, decide, compose. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from queries.evidence import assess
from queries.ranking import VERSION, Ranker
from queries.records.article import Article
from queries.records.digest import Issue, Kind, Threshold
from queries.records.harvest import Lane
from queries.text.keywords import KeywordHit, hits
from queries.text.tokens import Vectors, vectorise
from queries.updates import is_preprint, standing
from queries.watch.file import Watch
from reports.digest import headline
from reports.digest.compose import compose
from reports.digest.inputs import Candidate, Inputs
from reports.digest.learned import learned
from reports.digest.record import Digest, dump


def edit(inputs: Inputs, *, sample: bool) -> Issue:
    """Rank, decide and compose. Raises LedgerError if the sums don't add up."""
    watch = inputs.watch
    candidates, threshold = judge(inputs)
    digest = compose(inputs, candidates, threshold=threshold, sample=sample)
    digest = replace(digest, verdicts=_learned(inputs, candidates))
    return Issue(
        watch=watch.name,
        number=digest.number,
        made=digest.made,
        since=digest.since,
        until=digest.until,
        subject=headline.subject(digest),
        flow=digest.flow,
        decisions=digest.decided,
        scores=tuple(sorted((each.scored for each in candidates), key=lambda scored: scored.pmid)),
        recipients=tuple(each.name for each in watch.recipients) if worth_sending(digest, watch) else (),
        body=dump(digest),
        ranker=VERSION,
    )


def judge(inputs: Inputs) -> tuple[list[Candidate], Threshold]:
    """The works to decide about, each with all that the digest will say of it, and the score to reach."""
    pmids_by_work = _waiting_works(inputs)
    articles = [_best(inputs.articles[pmid] for pmid in pmids) for pmids in pmids_by_work.values()]
    vectors = _vectors(inputs, articles)
    hits_of = _hits_of(inputs.watch)
    ranker = Ranker(inputs.seeds, hits=hits_of)
    scores = {scored.pmid: scored for scored in ranker.score(articles, vectors)}
    candidates = []
    for (work, pmids), article in zip(pmids_by_work.items(), articles, strict=True):
        sightings = [sighting for pmid in pmids for sighting in inputs.sightings[pmid]]
        lanes = {sighting.lane for sighting in sightings}
        candidates.append(
            Candidate(
                article=article,
                work=work,
                kind=_kind(article, lanes, inputs),
                scored=scores[article.pmid],
                evidence=assess(article),
                topics=tuple({sighting.topic for sighting in sightings}),
                lanes=tuple(lanes),
                hits=hits_of(article),
                standing=standing(article),
            )
        )
    set_by_hand = inputs.watch.digest.threshold
    if set_by_hand == "auto":
        return candidates, ranker.threshold()
    return candidates, Threshold(set_by_hand, "set in the watch")


def _learned(inputs: Inputs, candidates: Sequence[Candidate]) -> str:
    """What readers' verdicts since the last digest changed, "" if there were none."""
    if not inputs.new_verdicts:
        return ""
    articles = [candidate.article for candidate in candidates]
    scores = {candidate.article.pmid: candidate.scored for candidate in candidates}
    hits_of = {candidate.article.pmid: candidate.hits for candidate in candidates}
    return learned(
        inputs.new_verdicts,
        inputs.seeds,
        articles,
        _vectors(inputs, articles),
        scores,
        lambda article: (
            hits_of.get(article.pmid) or hits(article, inputs.watch.anchors, inputs.watch.seed.keywords)
        ),
    )


def _waiting_works(inputs: Inputs) -> dict[int, list[int]]:
    """The PMIDs of each work to be decided; those of a closed work, or about one, are merged into it."""
    works = defaultdict(list)
    for pmid in sorted(inputs.waiting):
        if inputs.works[pmid] not in inputs.closed and pmid not in inputs.notices:
            works[inputs.works[pmid]].append(pmid)
    return dict(works)


def _best(articles: Iterable[Article]) -> Article:
    """The record that stands for a work: the article before its preprint, then the one that says most."""
    return max(
        articles,
        key=lambda article: (
            not is_preprint(article),
            bool(article.abstract),
            bool(article.mesh),
            -article.pmid,
        ),
    )


def _kind(article: Article, lanes: set[Lane], inputs: Inputs) -> Kind:
    if article.pmid in inputs.reindexed:
        return Kind.REINDEXED
    return Kind.LATE if lanes == {Lane.SWEEP} else Kind.NEW


def _hits_of(watch: Watch) -> Callable[[Article], tuple[KeywordHit, ...]]:
    """The keyword hits of an article, found once for the ranking and the digest."""
    known: dict[int, tuple[KeywordHit, ...]] = {}

    def hits_of(article: Article) -> tuple[KeywordHit, ...]:
        if article.pmid not in known:
            known[article.pmid] = hits(article, watch.anchors, watch.seed.keywords)
        return known[article.pmid]

    return hits_of


def _vectors(inputs: Inputs, articles: Sequence[Article]) -> Vectors:
    """The counted terms of articles, as they were kept; those of a library from before are counted now."""
    rows = [inputs.terms.get(article.pmid) or vectorise([article]).row(0) for article in articles]
    return Vectors.of_rows([article.pmid for article in articles], rows)


def worth_sending(digest: Digest, watch: Watch) -> bool:
    """Whether it says anything, or the watch wants to hear of nothing, too."""
    return bool(watch.digest.empty or digest.entries or digest.changes or digest.trouble)
