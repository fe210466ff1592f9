"""The archive site, built from the library after every digest: only what changed is written."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from flows.runtime import resources
from flows.runtime.settings import Settings
from queries.errors import LibraryBusy, SeedwatchError
from queries.library import Library
from queries.library.articles import stored
from queries.records.library import IdentityLink, PastScore, Revision, Verdict
from reports.digest.record import Digest, load
from reports.digest.told import tellings
from reports.site.outline import Details, Outline, Paper, VerdictSum
from reports.site.pages import pages, pmids_of
from reports.site.writer import Written, stale, write

PATIENCE = 60  # seconds to wait for another build of the same site


def publish(setting: Settings, folder: Path) -> Written:
    """Bring the site in a folder up to date with the library: every watch that has a digest.

    Raises InputError for a folder with other things in it, SettingsError if it cannot be written,
    LibraryBusy if another process builds it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = folder.with_name(f".{folder.name}.lock")
    try:
        with FileLock(lock, timeout=min(PATIENCE, setting.patience)):
            return _publish(setting, folder)
    except Timeout as error:
        problem, remedy = "another process builds this site", "Wait for it; nothing was lost"
        raise LibraryBusy(str(folder), problem, remedy) from error


def published(setting: Settings) -> tuple[str, ...]:
    """Publish after a digest; what went wrong, in words, is the digest's trouble and not its end."""
    if setting.preview:
        return ()
    try:
        publish(setting, setting.site)
    except (SeedwatchError, OSError) as error:
        return (f"The archive site is not up to date: {error}",)
    return ()


def _publish(setting: Settings, folder: Path) -> Written:
    with resources.library(setting) as library:
        outline = read_outline(library)
    details: list[Details] = []
    planned = pages(outline, lambda: details[0])
    wanted = stale(folder, {path: page.fingerprint for path, page in planned.items()})
    with resources.library(setting) as library:
        details.append(read_details(library, list(outline.digests), pmids_of(outline, wanted)))
    return write(folder, planned, wanted)


def read_outline(library: Library) -> Outline:
    """What the site consists of."""
    digests: dict[str, tuple[Digest, ...]] = {}
    renamed: dict[tuple[str, int], str] = {}
    for name in library.digest_watches():
        recorded = [load(past.body) for past in library.digests(name)]
        renamed |= {(each.watch, each.number): name for each in recorded if each.watch != name}
        digests[name] = tuple(replace(each, watch=name) for each in recorded)
    told = tellings(digest for each in digests.values() for digest in each)
    works = library.together(list(told))
    hashes = {pmid: record.hash for pmid, record in stored(library, set().union(*works.values())).items()}
    tombstones = library.tombstones(list(told))
    verdicts = {name: _sums(library.verdicts(name)) for name in digests}
    identity = library.library_id()
    return Outline(
        library=identity.id if identity else "",
        digests=digests,
        renamed=renamed,
        papers={
            pmid: Paper(
                pmid=pmid,
                tellings=each,
                versions=tuple(sorted(works[pmid] - {pmid})),
                fingerprint=" ".join(hashes.get(version, "") for version in sorted(works[pmid])),
                verdicts={name: sums[pmid] for name, sums in verdicts.items() if pmid in sums},
                tombstone=tombstones.get(pmid),
            )
            for pmid, each in told.items()
        },
    )


def read_details(library: Library, watches: Collection[str], pmids: Collection[int]) -> Details:
    """All that the library has of some PMIDs."""
    revisions: defaultdict[int, list[Revision]] = defaultdict(list)
    for revision in library.revisions(pmids):
        revisions[revision.pmid].append(revision)
    links: defaultdict[int, list[IdentityLink]] = defaultdict(list)
    for link in library.links(pmids):
        links[link.a].append(link)
        links[link.b].append(link)
    scores: defaultdict[tuple[str, int], list[PastScore]] = defaultdict(list)
    for watch in watches:
        for score in library.scores(watch, pmids):
            scores[watch, score.pmid].append(score)
    return Details(
        articles={article.pmid: article for article in library.articles(list(pmids))},
        revisions={pmid: tuple(each) for pmid, each in revisions.items()},
        fetched=library.fetched(pmids),
        links={pmid: tuple(each) for pmid, each in links.items()},
        scores={key: tuple(each) for key, each in scores.items()},
    )


def _sums(verdicts: Iterable[Verdict]) -> dict[int, VerdictSum]:
    """The newest verdict of each reader, summed by PMID."""
    newest = {(verdict.pmid, verdict.reader): verdict.relevant for verdict in verdicts}
    useful = Counter(pmid for (pmid, _), relevant in newest.items() if relevant)
    useless = Counter(pmid for (pmid, _), relevant in newest.items() if not relevant)
    return {pmid: VerdictSum(useful[pmid], useless[pmid]) for pmid in useful.keys() | useless.keys()}
