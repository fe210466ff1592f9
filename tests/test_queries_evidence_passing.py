"""What a record names in passing: animals, patients, stopping, trials, countries that are not its matter."""
# ruff: noqa: E501 - a row is a case

from dataclasses import replace

import pytest

from queries.evidence import assess
from queries.records.article import Article, Heading, Passage


def record(title: str, abstract: str) -> Article:
    return Article(pmid=1, title=title, abstract=(Passage("", "", abstract, ""),))


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        (
            "Living with a rare leukemia",
            "We interviewed 22 adults. Several felt like a guinea pig, and others called it a dark horse.",
        ),
        (
            "Chromosomes counted in a flow cytometer",
            "Samples of 30 patients were studied. FISH was done in 28 patients, and FISH agreed in all.",
        ),
        (
            "Diet and cancer of the nasopharynx on an island",
            "We identified 144 cases. Patients had a high consumption of fish, and salted fish in childhood.",
        ),
        (
            "Impacted teeth in 60 adolescents",
            "Sixty adolescents were treated for an impacted canine. Canine retraction took nine months.",
        ),
    ],
)
def test_an_animal_in_a_phrase_a_dish_or_an_acronym_is_not_studied(title: str, abstract: str) -> None:
    found = assess(record(title, abstract))
    assert (found.setting, found.species) != ("preclinical", ("human",))
    assert found.study != "in vivo"
    assert found.species == ("human",)


@pytest.mark.parametrize(
    ("title", "abstract", "studies"),
    [
        (
            "Which mutations of a kinase resist four drugs: a scan of all of them",
            (
                "We built a library of 4,000 variants and expressed it in Ba/F3 cells. Scores predicted response "
                "in 210 published patients with a mutation."
            ),
            {"in vitro"},
        ),
        (
            "Uptake of weak bases: a survey of 38 compounds in nine human lines",
            "We measured uptake by imaging in nine human lines. In K562 uptake doubled the effect on viability.",
            {"in vitro"},
        ),
        (
            "Mitochondria at the division of leukemic stem cells",
            (
                "Stem cells are thought to rest by chance. We filmed 900 divisions of CD34+CD38- cells from "
                "eight patients. Retrospective identification of daughters by sequencing showed low MYC. "
                "CD34+ cells with more mitochondria divided later."
            ),
            {"patient samples", "in vitro"},
        ),
        (
            "A microfluidic chip with the patients' own stroma foretells response",
            (
                "Culture models exaggerate effects. We seeded a chip with CD34+ cells. Chips of 24 patients, made "
                "at diagnosis, were perfused with drug for 14 days. Stroma determines response."
            ),
            {"patient samples", "in vitro"},
        ),
        (
            "A single-cell atlas of marrow from diagnosis to response",
            (
                "Persisting cells are rare. We enriched CD34+ cells from 31 patients with leukemia before and after "
                "therapy. The atlas holds 400,000 cells. Most of them lay in one state."
            ),
            {"patient samples"},
        ),
        (
            "In vitro resistance to nucleosides in acute leukemia",
            (
                "The aim was to learn whether resistance is shared. We measured viability in 140 samples from "
                "consecutive patients by an assay in vitro. Resistance was correlated among all drugs."
            ),
            {"patient samples", "in vitro"},
        ),
        (
            "Serine fuels sarcoma cells",
            (
                "Sarcoma occurs in adolescents. In cell lines we show that serine is needed. Knockdown of PHGDH led "
                "to apoptosis. A retrospective analysis of a public data set showed shorter survival of patients."
            ),
            {"in vitro"},
        ),
        (
            "EWS fuels the metabolism of sarcoma",
            (
                "Sarcoma occurs in adolescents. We show that sarcoma cells are dependent on glutamine. A retrospective "
                "analysis of other data showed shorter overall survival of patients by expression."
            ),
            {"in vitro"},
        ),
        (
            "Cross-resistance to six drugs in acute leukemia",
            "We measured the viability of cells in 147 samples from consecutive patients by an assay in vitro.",
            {"patient samples", "in vitro"},
        ),
    ],
)
def test_cells_are_no_cohort_though_their_donors_are_counted(
    title: str, abstract: str, studies: set[str]
) -> None:
    assert assess(record(title, abstract)).study in studies


@pytest.mark.parametrize(
    ("title", "abstract", "study"),
    [
        (
            "Who wants to stop? A mixed-methods study",
            "We surveyed 300 adults and interviewed 30 of them about stopping.",
            "cross-sectional study",
        ),
        (
            "Omeprazole for asthma at night: a placebo-controlled cross-over study",
            "Eleven adult patients with asthma completed it.",
            "clinical trial",
        ),
        (
            "Trachoma today: current status from the national survey",
            "We surveyed 9,000 people.",
            "cross-sectional study",
        ),
    ],
)
def test_a_title_that_names_its_design_is_believed(title: str, abstract: str, study: str) -> None:
    assert assess(record(title, abstract)).study == study


@pytest.mark.parametrize(
    "sentence",
    [
        "Intermittent dosing is now studied in a randomised trial.",
        "A randomised trial is under way.",
        "This is currently being tested in a randomized controlled trial of 300 patients.",
    ],
)
def test_a_trial_that_is_still_to_come_is_not_this_one(sentence: str) -> None:
    told = f"Blood of 41 patients with myeloma showed exhaustion of T cells. {sentence}"
    assert assess(record("T cells after antibodies", told)).study != "randomised trial"


def test_a_country_is_no_participant() -> None:
    told = "A single-arm phase 2 study in five countries, screened adults with leukemia. It met its endpoint."
    assert assess(record("The gate study", told)).participants == ""


CML = "chronic myeloid leukemia"


@pytest.mark.parametrize(
    "sentence",
    [
        "No attempts at discontinuation were recorded.",
        "None of the patients had stopped treatment.",
        "Discontinuation of the inhibitor was not attempted.",
        "Treatment-free remission was not an endpoint.",
        "No patient stopped imatinib.",
        "Patients did not discontinue their inhibitor.",
    ],
)
def test_a_stopping_that_is_denied_is_no_stopping(sentence: str) -> None:
    told = f"Of 287 patients with {CML}, 201 began at 45 mg. Arterial events occurred in 41. {sentence}"
    assert not assess(record(f"Lower doses of ponatinib in {CML}", told)).tfr


@pytest.mark.parametrize(
    "sentence",
    [
        "No relapse occurred after discontinuation of imatinib in 20 patients.",
        "No patient died after stopping imatinib, and 12 of 20 kept their remission.",
    ],
)
def test_a_relapse_that_is_denied_is_stopping_all_the_same(sentence: str) -> None:
    assert assess(record(f"Follow-up of {CML}", f"We followed 20 patients. {sentence}")).tfr


def test_a_laboratory_that_names_stopping_once_is_not_about_it() -> None:
    told = (
        f"Antigens of {CML} were chosen from transcripts. We captured glycoproteins from CD34+ cells of 21 patients. "
        "Of 1,100 proteins 211 differed. Four were confirmed on CD34+ cells from 11 patients. The antigen stayed "
        "at relapse after discontinuation in three patients. An antibody killed the cells of patients."
    )
    found = assess(record("A map of the surface of leukemic stem cells", told))
    assert (found.study, found.tfr, found.stopping) == ("patient samples", False, ("mentioned",))


@pytest.mark.parametrize(
    "whose", ["people with HIV", "a patient with rheumatoid arthritis", "hepatitis B carriers"]
)
def test_who_else_is_ill_may_stop_too(whose: str) -> None:
    told = f"We collected nine people who discontinued imatinib for {CML} in MR4. Recurrence occurred in four of nine."
    assert assess(record(f"Treatment-free remission in {whose}: an international series", told)).tfr


def test_the_disease_may_be_named_by_its_heading_only() -> None:
    told = "We collected nine people who discontinued imatinib. Recurrence occurred in four of nine."
    bare = record("Treatment-free remission in people with HIV: an international series", told)
    heading = Heading("D015464", "Leukemia, Myelogenous, Chronic, BCR-ABL Positive", major=True)
    assert not assess(bare).tfr
    assert assess(replace(bare, mesh=(heading,))).tfr
    other = record(
        "Treatment-free remission of rheumatoid arthritis", told.replace("imatinib", "tocilizumab")
    )
    assert not assess(other).tfr


@pytest.mark.parametrize(
    ("told", "quote"),
    [
        (
            (
                "Stem cells may depend on iron. The inhibitor killed 78% of persisters and a fifth of untreated cells. "
                "Cytometry of blood on day 28 of therapy showed that staining can be read in rare cells. "
                "Persistence is an open matter which needs time."
            ),
            "The inhibitor killed 78%",
        ),
        (
            (
                "Fusion genes mark stem cells. At 12 months 1.9% of stem cells carried the fusion and 74% lay in one state. "
                "The data are browsable, and they support persistence by transition."
            ),
            "At 12 months 1.9%",
        ),
        (
            (
                "We compared two drugs in 56 men. Pain was lower with the first (p = 0.01). "
                "Excretion rose in both groups with a greater rise with placebo.(ABSTRACT TRUNCATED AT 250 WORDS)"
            ),
            "Excretion rose in both groups with a greater rise with placebo.",
        ),
        (
            (
                "In 732 patients plaques were measured and figures compared. Progression of plaques was slower with ramipril than with placebo (p = 0.03). "
                "Patients were randomly assigned to receive ramipril 2.5 mg or 10 mg per day and were seen each year."
            ),
            "Progression of plaques",
        ),
        (
            (
                "Metabolism was rewired in 40% of cells. Thus, further studies of the complex metabolic rewiring of "
                "leukemia cells before and after combinatorial therapies of many kinds are warranted."
            ),
            "Metabolism was rewired",
        ),
        (
            "Pain was less in 40% of men after drainage of the abscess. The authors analyze 12 cases of abscess of the psoas.",
            "Pain was less",
        ),
    ],
)
def test_the_result_with_its_numbers_goes_before_what_stands_beside_it(told: str, quote: str) -> None:
    found = assess(record("A study of something", told)).quote
    assert found.startswith(quote)
    assert "TRUNCATED" not in found
