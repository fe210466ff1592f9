"""What a term finds: PubMed's query language over a small corpus of invented records."""

import gzip
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from support.mirror_records import heading, record, write

from queries.errors import RecordsError, TermError, Unmodelled
from queries.mirror.corpus import Corpus
from queries.mirror.language import Reader
from queries.mirror.load import load
from queries.mirror.mesh import Mesh
from queries.mirror.result import SearchResult

NOW = datetime(2026, 11, 23, 12)  # noqa: DTZ001 - Eastern without a zone
CML = "Leukemia, Myelogenous, Chronic, BCR-ABL Positive"
RETRACTED = (
    '<CommentsCorrections RefType="RetractionIn"><RefSource>x</RefSource>'
    '<PMID Version="1">8</PMID></CommentsCorrections>'
)
RECORDS = (
    record(
        1,
        "Quiescent leukemic stem cells in chronic myeloid leukemia",
        abstract="BCR::ABL1 does not explain it. The niche protects stem and also progenitor cells (CD34+).",
        authors=(("Smith", "John A", "JA"), ("Müller", "Eva", "E")),
        mesh=heading("Leukemia, Myeloid, Chronic-Phase", "drug therapy", ui="D015466", major=True)
        + heading("Humans", ui="D006801"),
        keywords=("persister", "treatment-free remission"),
        trial="NCT00000001",
        doi="10.5555/Invented.1",
        pmcid="PMC7001",
        created="2026-11-02 05:00",
        electronic="2026-10-20",
    ),
    record(
        2,
        "Leukaemia and BCR-ABL in mice",
        authors=(("Smith", "Jane", "J"), ("Smithers", "B", "B")),
        mesh=heading(CML, "*pathology", ui="D015464") + heading("Mice", ui="D051379"),
        created="2026-11-10 05:00",
        entered="2019-05-05 05:00",
        language="fre",
        types=(("D016428", "Journal Article"), ("D016454", "Review")),
    ),
    record(
        3,
        "Leukemic cells have no stem",
        abstract="Progenitor cells alone.",
        created="2026-11-22 05:00",
        status="Publisher",
        links=RETRACTED,
        types=(("D017427", "Clinical Trial, Phase II"),),
        published="<Year>2027</Year><Month>Jan</Month>",
        journal="Blood Invent",
    ),
    record(4, "Carboxymethyl-lysine in renal disease", created="2026-11-30 05:00"),
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with load([write(tmp_path_factory.mktemp("xml") / "a.xml", *RECORDS)]) as corpus:
        yield corpus


def search(corpus: Corpus, term: str, **more: bool) -> SearchResult:
    return Reader(corpus, Mesh(), **more).search(term, corpus.view(NOW), NOW.date())


def found(corpus: Corpus, term: str, **more: bool) -> list[int]:
    return [int(pmid) for pmid in corpus.pmids[search(corpus, term, **more).docs]]


@pytest.mark.parametrize(
    ("term", "pmids"),
    [
        ("leukemic", [1, 3]),
        ("leukemic[ti] NOT quiescent[ti]", [3]),
        ("(quiescent OR mice) AND leukemic", [1]),
        ("quiescent OR mice AND leukemic", [1]),
        ('"leukemic stem cells"[tiab]', [1]),
        ('"stem cells"[ti] OR "have no stem"[ti]', [1, 3]),
        ('"cells in chronic"[tiab]', [1]),
        ("leuk*mia[ti]", [1, 2]),
        ('"leukemic stem cel*"[ti]', [1]),
        ("smith[au]", [1, 2]),
        ("smith j[au]", [1, 2]),
        ('"smith j"[au]', [2]),
        ("Smith JA[au]", [1]),
        ("muller e[au]", [1]),
        ("smith j[1au]", [1, 2]),
        ("müller[lastau]", [1]),
        ("Müller, Eva[fau]", [1]),
        ("john a smith[fau]", [1]),
        ("BCR-ABL[tiab]", [2]),
        ("bcr/abl[tiab]", [2]),
        ("BCR::ABL1[tiab] OR BCR-ABL1[tiab]", [1]),
        ("cd34[tiab]", [1]),
        ("persister[tiab]", [1]),
        ("persister[ti]", []),
        ('"treatment free remission"[ot]', [1]),
        ('"chronic phase"[tiab]', []),
        ('"chronic phase"[tw]', [1]),
        (f'"{CML}"[mh]', [1, 2]),
        (f'"{CML}"[mh:noexp]', [2]),
        ("Chronic Myeloid Leukemia[mh]", [1, 2]),
        ("leukemia, myeloid[majr]", [1, 2]),
        ("leukemia/therapy[mh]", [1]),
        ("leukemia/dt[majr]", [1]),
        ("leukemia/pathology[majr]", [2]),
        ("D015464[mh]", [1, 2]),
        ("therapy[sh]", [1]),
        ("humans[mh]", [1]),
        ("clinical trial[pt]", [3]),
        ("review[pt] AND french[la]", [2]),
        ("fre[la]", [2]),
        ("NCT00000001[si]", [1]),
        ("clinicaltrials.gov[si]", [1]),
        ("10.5555/INVENTED.1[doi]", [1]),
        ("https://doi.org/10.5555/invented.1[doi]", [1]),
        ("10.5555/invented.1[aid]", [1]),
        ("PMC7001[aid]", [1]),
        ("blood invent[ta]", [3]),
        ("2999-0001[ta] AND 7[vi] AND 2[ip] AND 11[pg]", [1, 2, 3]),
        ("atlantis[pl]", [1, 2, 3]),
        ("atlantis", []),
        ("2026/11/10[crdt]", [2]),
        ("2026/11[crdt]", [1, 2, 3]),
        ('"2026/11/09"[crdt] : "3000"[crdt]', [2, 3]),
        ("2019[edat]", [2]),
        ('"last 13 days"[crdt]', [2, 3]),
        ('"last 12 days"[crdt]', [3]),
        ("2026/10[dp]", [1]),
        ("2027[dp]", [3]),
        ("2026/10/20[epdat]", [1]),
        ("2:3[uid]", [2, 3]),
        ("2[uid]", [2]),
        ("3 1 4", [1, 3]),
        ("hasabstract", [1, 3]),
        ("hasabstract[sb] NOT hasretractionin", [1]),
        ("publisher[sb]", [3]),
        ("free full text[sb]", [1]),
        ("all[sb]", [1, 2, 3]),
        ("the leukemic", [1, 3]),
        ("leukemic NOT the", [1, 3]),
        ("the NOT leukemic", []),
        ("carboxymethyl lysine[ti]", []),
    ],
)
def test_a_term_finds(corpus: Corpus, term: str, pmids: list[int]) -> None:
    assert found(corpus, term) == pmids


@pytest.mark.parametrize(
    ("term", "pmids"),
    [
        ('"cells quiescent"[ti:~0]', []),
        ('"cells quiescent"[ti:~2]', [1]),
        ('"cells leukemic"[ti:~1]', [1, 3]),
        ('"stem progenitor"[tiab:~1]', []),
        ('"stem progenitor"[tiab:~2]', [1]),
        ('"leukemia niche"[tiab:~900]', []),
        ('"cells"[ti:~3]', [1, 3]),
    ],
)
def test_proximity_is_any_order_within_one_text_with_at_most_n_words_between(
    corpus: Corpus, term: str, pmids: list[int]
) -> None:
    assert found(corpus, term) == pmids


@pytest.mark.parametrize(
    ("term", "error", "problem"),
    [
        ("antineoplastic[pa]", Unmodelled, "not modelled"),
        ("cancer[sb]", Unmodelled, "filter"),
        ('"a"[au] : "b"[au]', Unmodelled, "a range of this field"),
        ("leu*[ti]", TermError, "fewer than 4"),
        ("stem *ells[ti]", TermError, "begins with a star"),
        ("2026/13[crdt]", TermError, "is no date"),
        ("yesterday[crdt]", TermError, "is no date"),
        ("abc[uid]", TermError, "not a PMID"),
        ("#1 AND x", TermError, "WebEnv"),
    ],
)
def test_what_is_not_modelled_or_wrong_is_refused(
    corpus: Corpus, term: str, error: type[TermError], problem: str
) -> None:
    with pytest.raises(error, match=problem):
        found(corpus, term)


def test_lenient_tells_an_unmodelled_field_and_finds_nothing(corpus: Corpus) -> None:
    result = search(corpus, "leukemic OR foo[pa]", strict=False)
    assert (len(result.docs), result.fields_not_found) == (2, ["pa"])


def test_an_unknown_field_is_told_and_searched_everywhere_as_pubmed_does(corpus: Corpus) -> None:
    result = search(corpus, "leukemic[nosuch]")
    assert (len(result.docs), result.fields_not_found) == (2, ["nosuch"])


def test_a_quoted_phrase_outside_the_index_loses_its_quotes_and_is_told(corpus: Corpus) -> None:
    result = search(corpus, '"cells stem"[ti]')
    assert (len(result.docs), result.quoted_not_found) == (2, ['"cells stem"'])
    assert '"cells"[Title] AND "stem"[Title]' in result.translation


def test_in_a_sample_every_phrase_counts_as_known_and_none_is_missed_aloud(corpus: Corpus) -> None:
    result = search(corpus, '"cells stem"[ti] OR nosuchword', ideal=True)
    assert (len(result.docs), result.quoted_not_found, result.phrases_not_found) == (0, [], [])


def test_a_phrase_does_not_reach_from_one_text_into_the_next(corpus: Corpus) -> None:
    assert found(corpus, '"leukemia BCR"[tiab]', ideal=True) == []


def test_words_without_a_hit_and_stop_words_are_told(corpus: Corpus) -> None:
    result = search(corpus, "the nosuchword OR leukemic")
    assert result.phrases_not_found == ["nosuchword"]
    assert result.phrases_ignored == ["the"]


def test_a_phrase_known_only_from_a_future_record_is_not_known_today(corpus: Corpus) -> None:
    assert search(corpus, '"carboxymethyl lysine"[ti]').quoted_not_found == ['"carboxymethyl lysine"']


def test_a_heading_with_parts_of_its_tree_missing_is_told(corpus: Corpus) -> None:
    assert "'neoplasms'" in search(corpus, "neoplasms[mh]").messages[0]
    assert search(corpus, f'"{CML}"[mh]').messages == []


def test_the_translation_is_in_nlms_style(corpus: Corpus) -> None:
    result = search(corpus, 'smith j[au] AND (stem*[ti] OR "2026/11/09"[crdt] : "3000"[crdt])')
    days = "2026/11/09:3000/12/31[Date - Create]"
    assert result.translation == f'"smith j"[Author] AND ("stem*"[Title] OR {days})'


def test_untagged_words_take_the_field_asked_for_and_a_window_narrows(corpus: Corpus) -> None:
    reader, view = Reader(corpus, Mesh()), corpus.view(NOW)
    day = date(2026, 11, 22)
    result = reader.search("leukemic", view, NOW.date(), tag="ti", window=("crdt", day, day))
    assert corpus.pmids[result.docs].tolist() == [3]
    assert result.translation.startswith('("leukemic"[Title]) AND 2026/11/22:2026/11/22[Date - Create]')


@pytest.mark.parametrize(
    "text",
    [
        "Tree Number\tDesc Ui\tTerm\nC01\tD1\tThings\nC01.5\tD2\tLesser Things\n",
        "Things;C01\nLesser Things;C01.5\n",
    ],
)
def test_nlms_own_tree_files_take_the_bundled_tables_place(tmp_path: Path, text: str) -> None:
    (tmp_path / "tree").write_bytes(gzip.compress(text.encode()))
    mesh = Mesh(tmp_path / "tree")
    assert "Lesser Things" in mesh.exploded("things")
    assert mesh.whole("things")
    (tmp_path / "tree").write_text("nothing of the kind")
    with pytest.raises(RecordsError, match="holds no MeSH tree"):
        Mesh(tmp_path / "tree")
