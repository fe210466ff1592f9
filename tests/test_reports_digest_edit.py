"""What the editor makes of what the library knows."""

from dataclasses import replace
from datetime import UTC, datetime

from support.reports_samples import NOW, SINCE, UNTIL, article, harvest, watch

from queries.ranking import SeedSet
from queries.records.article import Link, Term
from queries.records.digest import Kind, Outcome
from queries.records.harvest import Lane
from queries.records.library import Seen, Span
from queries.updates import PREPRINT
from reports.digest.edit import edit, judge
from reports.digest.inputs import Inputs
from reports.digest.record import DaysRead, load

FOUND = datetime(2026, 11, 20, tzinfo=UTC)


def found(*records: int, lanes: tuple[Lane, ...] = (Lane.NEW,)) -> Inputs:
    """Records of as many works, each found by these lanes."""
    articles = {record.pmid: record for record in map(article, records)}
    pmids = frozenset(articles)
    return Inputs(
        watch=watch(threshold=0.0),
        now=NOW,
        days=Span(SINCE, UNTIL),
        days_read=DaysRead(SINCE, UNTIL),
        number=1,
        found=pmids,
        waiting=pmids,
        works={pmid: pmid for pmid in articles},
        articles=articles,
        sightings={pmid: [Seen(pmid, "TKI", lane, FOUND, FOUND) for lane in lanes] for pmid in articles},
        seeds=SeedSet(seed=article(900), keywords=watch().seed.keywords),
    )


def test_of_a_preprint_and_its_article_the_article_is_told_and_the_preprint_counted_to_it() -> None:
    inputs = found(1, 2)
    preprint, final = sorted(inputs.articles)
    as_preprint = article(1, publication_types=(Term(PREPRINT, "Preprint"),))
    one_work = replace(
        inputs, works={preprint: 7, final: 7}, articles={**inputs.articles, preprint: as_preprint}
    )
    issue = edit(one_work, sample=True)
    assert [(row.pmid, row.work, row.outcome) for row in issue.decisions] == [
        (preprint, 7, Outcome.MERGED),
        (final, 7, Outcome.TOLD),
    ]


def test_a_notice_about_a_told_paper_is_counted_to_that_paper() -> None:
    inputs = found(1)
    (pmid,) = inputs.waiting
    issue = edit(replace(inputs, notices={pmid: 42}), sample=True)
    assert [(row.work, row.outcome) for row in issue.decisions] == [(42, Outcome.MERGED)]
    assert issue.flow.merged == issue.flow.found == 1


def test_late_is_what_only_a_back_sweep_found_and_reindexed_what_is_judged_again() -> None:
    for lanes, kind in (((Lane.SWEEP,), Kind.LATE), ((Lane.SWEEP, Lane.NEW), Kind.NEW)):
        inputs = found(1, lanes=lanes)
        assert [each.kind for each in judge(inputs)[0]] == [kind]
        assert [each.kind for each in judge(replace(inputs, reindexed=inputs.waiting))[0]] == [Kind.REINDEXED]


def test_a_candidate_carries_what_the_digest_says_of_it() -> None:
    inputs = found(0, 2)
    pmid = 90_000_002
    retracted = article(2, links=(Link("RetractionIn", 9, "J Invented", ""),))
    inputs = replace(inputs, articles={**inputs.articles, pmid: retracted})
    candidates, _ = judge(inputs)
    trial, marked = sorted(candidates, key=lambda each: each.article.pmid)
    assert [hit.keyword for hit in trial.hits] == ["Tyrosine kinase inhibitor"]
    assert (trial.standing, marked.standing) == ((), (Kind.RETRACTION,))
    entries = {entry.pmid: entry for entry in load(edit(inputs, sample=True).body).entries}
    assert entries[trial.article.pmid].keywords == ("Tyrosine kinase inhibitor",)
    assert pmid not in entries, "it is told as a change"


def test_nothing_new_is_not_sent_where_the_watch_wants_none_unless_something_is_amiss() -> None:
    quiet = replace(found(), harvest=harvest(), watch=watch(empty=False))
    assert edit(quiet, sample=True).recipients == ()
    assert edit(replace(quiet, watch=watch(empty=True)), sample=True).recipients == ("group",)
    assert edit(replace(quiet, harvest=harvest("no answer")), sample=True).recipients == ("group",)
