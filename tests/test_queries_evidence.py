"""Study type, species, stopping and the quoted sentence, on invented records."""
# ruff: noqa: E501 - a row is a case and read across

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.evidence import STUDIES, assess
from queries.records.article import Accession, Article, Heading, Passage, Term


def record(title: str = "A sample article", *told: str | tuple[str, str], **facts: Any) -> Article:
    """An invented article; of its abstract each part is text, or (label, text)."""
    parts = [("", one) if isinstance(one, str) else one for one in told]
    abstract = tuple(Passage(label, label, text, text) for label, text in parts)
    types = tuple(Term("", name) for name in facts.pop("types", ()))
    mesh = tuple(Heading("", name, major=False) for name in facts.pop("mesh", ()))
    return Article(
        pmid=90_000_001, title=title, abstract=abstract, publication_types=types, mesh=mesh, **facts
    )


STOPPING = record(
    "Stopping asciminib in chronic myeloid leukemia: the LITTLE SAMPLE study",
    ("BACKGROUND", "Treatment-free remission (TFR) is reached by 40% to 60% of patients."),
    (
        "METHODS",
        "In this phase 2 trial 131 were screened and 84 patients were enrolled. TFR was defined as MR3.",
    ),
    (
        "RESULTS",
        "Median age was 57 years. At 12 months, 52 of 84 patients (61.9%) remained in TFR. Pain was rare.",
    ),
    ("CONCLUSIONS", "Asciminib can be stopped. Further studies are needed."),
    ("TRIAL REGISTRATION", "ClinicalTrials.gov NCT99000999."),
)


@pytest.mark.parametrize(
    ("article", "study"),
    [
        (record(types=("Journal Article", "Practice Guideline")), "guideline"),
        (record(types=("Randomized Controlled Trial", "Clinical Trial, Phase II")), "randomised trial"),
        (record(types=("Clinical Trial, Phase I", "Clinical Trial, Phase II")), "phase 1/2 trial"),
        (record(types=("Published Erratum",)), "notice"),
        (record(types=("Editorial",)), "commentary"),
        (record("Niche signals in CML: a systematic review and meta-analysis."), "meta-analysis"),
        (record("Niche signals in CML: protocol for a scoping review."), "protocol"),
        (record("A phase 3 study of samplinib in adults."), "phase 3 trial"),
        (record("A phase I/II trial of samplinib in adults."), "phase 1/2 trial"),
        (record("Blast phase after stopping: a case report."), "case report"),
        (record("Samplinib", "Adults with CML were randomly assigned to samplinib or placebo."), "randomised trial"),
        (record("Samplinib", "Trials abound. In this review we ask why randomised trials disagree."), "review"),
        (record("Samplinib", "We retrospectively studied 84 patients."), "cohort"),
        (record("Samplinib", "A 61-year-old woman with CML had a rash."), "case report"),
        (record("Erratum: samplinib in adults"), "notice"),
        (record("Samplinib: where are we now?", "The phase 3 SAMPLE trial randomised 233 patients."), "review"),
        (record("Rationale and design of the SAMPLE trial", "Adults are planned to be enrolled."), "protocol"),
        (record("A randomized trial of samplinib", "We randomly assigned 120 women. Two nonrandomized control groups were studied."), "randomised trial"),
        (record("Samplinib against bone loss", "In 60 women taking conjugated equine estrogens bone was lost. The women were followed up for two years."), "cohort"),
        (record("Samplinib", "Drugs fail. Why is open. NSG mice were given samplinib. Tumours shrank."), "in vivo"),
        (record("Samplinib", "K562 and other cell lines were cultured with samplinib in vitro."), "in vitro"),
        (record("A mathematical model of stem cells."), "modelling"),
        (record("Samplinib", "Nothing that says what was done."), ""),
    ],
)  # fmt: skip
def test_the_study_type_is_what_the_record_says(article: Article, study: str) -> None:
    said = assess(article)
    assert said.study == study
    assert study in STUDIES
    assert bool(said.study_reason) == bool(study)


def test_mice_that_are_randomised_make_no_randomised_trial() -> None:
    text = "Animals with leukaemia were treated. Mice were randomly assigned to samplinib or vehicle."
    assert assess(record("Samplinib", text, mesh=("Animals", "Mice"))).study == "in vivo"


def test_reasons_name_the_publication_type_or_the_words() -> None:
    typed = assess(record(types=("Case Reports",)))
    worded = assess(record("Samplinib", "In this phase 2 trial nobody slept."))
    assert typed.study_reason == "publication type Case Reports"
    assert worded.study_reason == "abstract: 'In this phase 2 trial'"
    assert (typed.study_span, worded.study_span) == ("Case Reports", "In this phase 2 trial")


@pytest.mark.parametrize(
    ("article", "species"),
    [
        (record(types=("Case Reports",), mesh=("Humans", "Mice")), ("human",)),
        (record("Niche", "x", mesh=("Animals", "Mice, Inbred C57BL")), ("mouse",)),
        (record("Niche of zebrafish in vivo", "Zebrafish larvae were imaged."), ("zebrafish",)),
        (record("Samplinib", "K562 cell lines were cultured in vitro.", mesh=("Humans",)), ("cell line",)),
        (record("Samplinib", "Anti-mouse antibody was raised."), ()),
    ],
)
def test_species_are_those_studied_not_those_a_cell_came_from(
    article: Article, species: tuple[str, ...]
) -> None:
    assert assess(article).species == species


def test_a_stopping_trial_is_told_with_its_result_names_and_number() -> None:
    said = assess(STOPPING)
    assert said.tfr
    assert said.quote == "At 12 months, 52 of 84 patients (61.9%) remained in TFR."
    assert said.quote_label == "Results"
    assert said.trials == ("NCT99000999", "LITTLE SAMPLE")
    assert said.participants == "84"
    assert (said.study, said.species) == ("phase 2 trial", ("human",))


@pytest.mark.parametrize(
    "article",
    [
        record(
            "Niche",
            "CML stem cells persist in 84% of samples. Blocking it may improve treatment-free remission.",
        ),
        record(
            "Discontinuation of ibrutinib in chronic lymphocytic leukemia",
            "TFR was 77% at 12 months. CML differs.",
        ),
        record(
            "Relapse after imatinib withdrawal in mice", "CML mice relapsed in 84% after imatinib withdrawal."
        ),
        record(
            "Samplinib in CML", "In 12% samplinib was discontinued due to adverse events; 40% reached MR4."
        ),
        record("Samplinib in CML: a placebo-controlled trial stopped for futility", "MR4 was met by 3%."),
    ],
)
def test_hopes_other_diseases_mice_and_side_effects_are_no_stopping(article: Article) -> None:
    assert not assess(article).tfr


@pytest.mark.parametrize(
    ("text", "trials"),
    [
        ("Registered as NCT99000001 and EudraCT 2026-000001-99.", ("NCT99000001", "2026-000001-99")),
        ("Registered as ISRCTN99000001, UMIN 000099999, ACTRN99000000000001.", ("ISRCTN99000001", "UMIN000099999", "ACTRN99000000000001")),
        ("Patients of the SAMPLE-STOP trial with CML; COVID-19 study; the AML cohort.", ("SAMPLE-STOP",)),
        ("In chronic leukemia EURO-SKI was larger.", ()),
        ("An ongoing trial (NCT99000003) will test this. Ours is registered as NCT99000004.", ("NCT99000004",)),
    ],
)  # fmt: skip
def test_trials_are_read_from_the_text(text: str, trials: tuple[str, ...]) -> None:
    assert assess(record("Samplinib", text)).trials == trials


def test_the_registry_entry_comes_first() -> None:
    bank = (Accession("ClinicalTrials.gov", "NCT99000002"), Accession("GEO", "GSE99"))
    assert assess(record("Samplinib", "Registered, NCT99000001.", accessions=bank)).trials == (
        "NCT99000002",
        "NCT99000001",
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("We retrospectively reviewed a total of 1,204 patients, of whom 84 patients stopped.", "1,204"),
        (
            "In this cohort study eighty-four consecutive patients were included. Of these, 12 patients died.",
            "84",
        ),
        ("A cohort study. Among 37 857 adults in a registry, 12 adults died.", "37 857"),
        ("A cohort study. Rash occurred in 12 patients. Pain occurred in 9 patients.", ""),
        (
            "A cohort study. Adults with CML (n = 212) came; by year five, 49 and 38 patients had stopped.",
            "212",
        ),
        ("A cohort study. We assessed 868 patients for eligibility, of whom 758 were enrolled.", "758"),
        ("A cohort study. Each year 46,000 people are diagnosed worldwide.", ""),
        ("A cohort study. Groups of adults took it (n = 12) or did not (n = 14).", ""),
        (
            "A cohort study. Ninety-one adults took samplinib. Eighteen of 29 patients who stopped did well.",
            "91",
        ),
        ("A cohort study from 2015 patients onwards had no count.", ""),
        (
            "A cohort study of 12 patients with and 300 controls without was compared to 912 patients elsewhere.",
            "12",
        ),
        (
            "A trial. Nineteen patients were randomly assigned to samplinib; 9, to placebo. We studied 28 patients.",
            "28",
        ),
        ("A trial. Of 2365 patients who were operated on, 967 were randomized to either drug.", "967"),
        ("A survey. Of the 430 eligible adults, 297 responded.", "297"),
        ("A trial. In the drug group, 27 boys and 33 girls were enrolled.", ""),
        ("A trial. In all, 84 of 90 screened patients were enrolled.", "84"),
        ("A trial. Twelve hundred sixty-five patients entered it.", "1265"),
        ("A trial. Adults with a ratio < 1 were randomized after a run-in of 2 weeks.", ""),
    ],
)
def test_participants_are_counted_only_where_sure(text: str, number: str) -> None:
    assert assess(record("Samplinib", text)).participants == number


@pytest.mark.parametrize(
    ("told", "quote", "label"),
    [
        ((("RESULTS", "It rose."), ("CONCLUSIONS", "Further trials are needed. Samplinib spares stem cells in people with CML, at a price.")),
         "Samplinib spares stem cells in people with CML, at a price.", "Conclusions"),
        ((("METHODS", "We asked."), ("RESULTS", "Ten adults of both sexes came. Nine of ten cells were increased by samplinib (p < 0.05).")),
         "Nine of ten cells were increased by samplinib (p < 0.05).", "Results"),
        (("Cells died. We conclude that samplinib kills (p < 0.05). Larger studies are warranted.",),
         "We conclude that samplinib kills (p < 0.05).", ""),
        (("Cells died. Samplinib killed 84% of the stem cells within a week. © 2026 The Inventors.",),
         "Samplinib killed 84% of the stem cells within a week.", ""),
        (("Cells died. Samplinib killed 84% of the stem cells within a week.",),
         "Samplinib killed 84% of the stem cells within a week.", "last sentence"),
        (("In this review, we provide an overview. Some grey areas remain. Self-assessment questions are given at the end.",), "", ""),
        (("Relapse was defined as loss of MMR. The median age was 53 years. What to do remains unclear.",), "", ""),
        (("BACKGROUND: Why. RESULTS: It rose. CONCLUSION: Samplinib spares the stem cells of everybody who takes it with food.",),
         "Samplinib spares the stem cells of everybody who takes it with food.", "Conclusions"),
        ((("RESULTS", "Samplinib did not change the survival of stem cells in this year (p = 0.40)."), ("CONCLUSIONS", "This finding provides insight and may further our understanding.")),
         "Samplinib did not change the survival of stem cells in this year (p = 0.40).", "Results"),
        (("In a double-blind fashion, we randomly assigned 1133 patients to placebo. Rats received 12 mg of samplinib.",), "", ""),
        ((("RESULTS", "Cells died."), ("WHAT THIS STUDY ADDS", "Samplinib spares the stem cells of everybody who takes it.")),
         "Samplinib spares the stem cells of everybody who takes it.", "Conclusions"),
        ((), "", ""),
    ],
)  # fmt: skip
def test_the_quote_is_the_sentence_that_concludes(told: tuple[Any, ...], quote: str, label: str) -> None:
    said = assess(record("Samplinib", *told))
    assert (said.quote, said.quote_label) == (quote, label)


def test_a_sentence_is_never_cut_and_a_wall_of_text_not_quoted() -> None:
    long = "Samplinib " + "and samplinib " * 40 + "was associated with 84% more cells."
    short = "Samplinib increased the cells of everybody who took it."
    assert assess(record("Samplinib", f"Cells were counted. {short} {long}")).quote == short
    assert assess(record("Samplinib", long)).quote == ""


WORDS = st.sampled_from((
    "TFR", "CML", "at 12 months", "52 of 84 patients", "61.9%", "stopped", "imatinib", "We conclude that", "NCT99000001",
    "(95% CI 1.2 to 3.4)", "p < 0.05.", "et al.", "Fig. 2", "BCR::ABL1.", "RESULTS:", "CONCLUSIONS:", "mice", ".", "(", ")",
    "A 61-year-old woman", "İ", "ß", "½", "two hundred", "Of 1,204 adults,", "phase 2 trial", "The", "\n", "[", "]",
))  # fmt: skip
TEXTS = st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=120))
PASSAGES = st.builds(
    lambda label, text: Passage(label, label, text, ""),
    st.sampled_from(["", "RESULTS", "CONCLUSIONS", "METHODS", "UNASSIGNED", "İ"]),
    TEXTS,
)


def test_of_an_abstract_without_an_end_the_beginning_is_read() -> None:
    """Hours, else: some rules take the square of a text's length."""
    endless = "We retrospectively studied 84 patients. " + "12 patients (n = 5) and 3 women, " * 30_000
    said = assess(record("Samplinib", endless, endless))
    assert (said.study, said.participants) == ("cohort", "84")


@given(TEXTS, st.lists(PASSAGES, max_size=4))
def test_whatever_a_record_holds_the_quote_is_its_own_words(title: str, abstract: list[Passage]) -> None:
    said = assess(Article(pmid=90_000_001, title=title, abstract=tuple(abstract)))
    assert said.study in STUDIES
    assert said.quote or not said.quote_label
    if said.quote:
        [home, *_] = [one.text for one in abstract if said.quote in one.text]
        at = home.index(said.quote)
        assert re.findall(r"\d+", said.quote) == re.findall(r"\d+", home[at : at + len(said.quote)])
    assert not said.participants or re.fullmatch(r"\d[\d,\s]*", said.participants)
