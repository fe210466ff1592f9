"""Stopping the treatment of CML: what is about it, what is not, and the cells of its card."""
# ruff: noqa: E501 - a row is a case and read across

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.evidence_probes import PROBES, wrong
from support.evidence_verbatim import invented

from queries.evidence import STOPPING, assess
from queries.records.article import Article, Passage
from queries.records.digest import TfrCard

TITLE = "Stopping samplinib and imatinib in chronic myeloid leukemia"


def record(title: str, *told: str) -> Article:
    return Article(pmid=1, title=title, abstract=tuple(Passage("", "", text, "") for text in told))


def test_the_probes_are_answered() -> None:
    """149 invented titles and sentences, half of them traps, written before the rules were read."""
    bad = [f"{probe.id} {found}" for probe in PROBES if (found := wrong(probe, assess(probe.article)))]
    assert len(PROBES) >= 120
    assert len(bad) <= len(PROBES) * 0.05, "\n".join(bad)


@pytest.mark.parametrize(
    ("title", "tfr", "kinds"),
    [
        ("Halting imatinib in CML: kinetics of relapse", True, ("planned",)),
        ("TFR-2 in CML", True, ("planned", "second attempt")),
        ("Patients living without their TKI: a CML survey", True, ("planned",)),
        ("Chronic myeloid leukemia: interruption of TKI before conception", True, ("pregnancy",)),
        ("Half-dose TKI in CML", False, ("de-escalation",)),
        ("Premature discontinuation of nilotinib in CML: adverse events", False, ("toxicity",)),
        ("Persistence with and adherence to TKI in CML: discontinuation in claims", False, ("adherence",)),
        ("Nilotinib stop in GIST", False, ()),
        ("Stopping rules for a chemotherapy trial in CML", False, ()),
    ],
)
def test_a_title_says_whether_treatment_is_stopped_and_why(
    title: str, tfr: bool, kinds: tuple[str, ...]
) -> None:
    said = assess(record(title))
    assert (said.tfr, said.stopping) == (tfr, kinds)
    assert set(said.stopping) <= set(STOPPING)
    assert bool(said.tfr_reason) == tfr


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("Relapse-free survival was 61% (95% CI 57-64) at 6 months and 50% (46-54) at 24 months.",
         {"rate": "50%", "time": "24 months", "ci": "46-54"}),
        ("At 48 weeks, 73 patients (58%; 95% CI, 49%-67%) remained in TFR.",
         {"rate": "58%", "time": "48 weeks", "ci": "49%-67%"}),
        ("The TFR rate at 1, 2 and 3 years was 67.9%, 65.0% and 61.2%, respectively.",
         {"rate": "61.2%", "time": "3 years", "ci": ""}),
        ("With a median follow-up of 27 months, 52.1% of the patients were still in treatment-free remission.",
         {"rate": "52.1%", "time": "", "ci": ""}),
        ("Overall survival was 95% (95% CI 90-98) at 5 years; TFR was 51% (95% CI 40-60) at 5 years.",
         {"rate": "51%", "ci": "40-60"}),
        ("Prior resistance predicted relapse (HR 2.4, 95% CI 1.2-4.9).", {"rate": "", "ci": ""}),
        ("Molecular relapse occurred in 42 (61%) of 69 patients.", {"rate": ""}),
        ("Previous studies have shown TFR in 40-60% of patients.", {"rate": ""}),
        ("TFR at 5 years was higher with b3a2 (61% vs 40%, p = 0.01).", {"rate": ""}),
        ("Of the 63 patients who discontinued, 30 relapsed; 28 of 30 regained MR4 after resumption.",
         {"stopped": "63", "regained": "28 of 30"}),
        ("Molecular relapse was defined as loss of MMR (BCR-ABL1 >0.1% IS) at any time.",
         {"criterion": "loss of MMR (BCR-ABL1 >0.1% IS)"}),
        ("Eligible patients were in MR4.5 for at least 2 years before stopping.",
         {"depth": "MR4.5", "length": "2 years"}),
        ("TFR at 48 weeks was 58% (95% CI 48.8% to 66.7%) in 126 patients who met the criteria for entering TFR; 53 patients reinitiated samplinib; of the 51 patients with loss of MMR, 98% regained MMR.",
         {"rate": "58%", "ci": "48.8% to 66.7%", "stopped": "126", "retreated": "53", "regained": "98%"}),
        ("The TFR at 1, 3 and 5 years was 65%, 58% and 55% (SE 4%), respectively, in 128 patients who stopped it.",
         {"rate": "55%", "time": "5 years", "stopped": "128"}),
        ("At 1 and 3 years, TFR was 65%, 58% and 50%.", {"rate": "", "time": ""}),
        ("Patients who kept MMR at 3 months had a TFR of 80%.", {"rate": ""}),
        ("Pain was reported by 23% of those in TFR at 6 months.", {"rate": ""}),
        ("The primary end point, TFR at 12 months, was met: 56% (90% CI, 49% to 63%).",
         {"rate": "56%", "time": "12 months", "ci": "49% to 63%"}),
        ("After stopping, 47 had recurrence (defined as loss of MMR) and 45 restarted therapy.",
         {"criterion": "loss of MMR", "retreated": "45"}),
    ],
)  # fmt: skip
def test_the_card_copies_what_is_printed_and_nothing_else(text: str, cells: dict[str, str]) -> None:
    card = assess(record(TITLE, "Adults with chronic myeloid leukemia came.", text)).card
    assert {name: getattr(card, name) for name in cells} == cells


@pytest.mark.parametrize(
    "title",
    [
        "Arrêt de l'imatinib dans la leucémie myéloïde chronique",
        "Absetzen von Tyrosinkinase-Inhibitoren bei CML: therapiefreie Remission",
        "Suspensión de imatinib en leucemia mieloide crónica",
    ],
)
def test_stopping_is_read_in_other_languages(title: str) -> None:
    assert assess(record(title)).tfr


def test_a_number_with_a_decimal_comma_or_a_point_between_thousands_is_copied_whole() -> None:
    text = "In total, 1.204 patients stopped nilotinib. TFR at 24 months was 52,3% (95% CI 45,1–59,2)."
    card = assess(record(TITLE, text)).card
    assert (card.stopped, card.rate, card.ci) == ("1.204", "52,3%", "45,1–59,2")


def test_a_protocol_expects_and_is_not_quoted() -> None:
    said = assess(
        record(f"{TITLE}: study protocol", "TFR at 12 months is the end point. We expect a TFR of 60%.")
    )
    assert (said.study, said.quote, said.card) == ("protocol", "", TfrCard())


def test_a_review_has_no_card_of_its_own() -> None:
    text = "In this review we ask who may stop. TFR at 24 months was 54% (95% CI 43-66) in one trial."
    assert assess(record(f"{TITLE}: a review", text)).card == TfrCard()


WORDS = st.sampled_from((
    "TFR", "CML", "at 12 months", "52 of 84 patients", "61.9%", "stopped imatinib", "We conclude that", "NCT99000001",
    "(95% CI 1.2 to 3.4)", "p < 0.05.", "loss of MMR", "defined as", "RESULTS:", "CONCLUSIONS:", "remained in TFR was", ".", "(", ")",
    "regained MMR", "İ", "ß", "two hundred", "Of 1,204 adults,", "phase 2 trial", "The", "\n", "[", "]", "This review", "mice", ";",
))  # fmt: skip


@given(
    st.lists(WORDS, max_size=40).map(" ".join),
    st.lists(st.lists(WORDS, max_size=40).map(" ".join), max_size=3),
)
def test_whatever_a_record_holds_each_claim_is_its_own_words(title: str, abstract: list[str]) -> None:
    article = record(title, *abstract)
    assert invented(article, assess(article)) == []


@pytest.mark.skipif(not os.environ.get("SEEDWATCH_REAL_DATA"), reason="no real records: SEEDWATCH_REAL_DATA")
def test_every_claim_about_a_real_record_is_its_own_words() -> None:
    """On all that name the disease, and some of the others; the benchmark looks at all of them."""
    from support.evidence_corpora import corpora  # noqa: PLC0415 - needs the real records

    articles = list(corpora(Path(os.environ["SEEDWATCH_REAL_DATA"])).values())
    named = [each for each in articles if "myel" in f"{each.title}{each.abstract}"]
    assert len(named) > 100
    for article in (*named, *articles[::50]):
        assert invented(article, assess(article)) == []
