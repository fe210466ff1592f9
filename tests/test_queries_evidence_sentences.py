"""Where sentences end, and what the sections of an abstract are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.evidence.sentences import sections, sentences
from queries.records.article import Passage

# Each is two sentences, parted by "|".
PAIRS = (
    "Relapse was rarer (12.5% vs. 31%; p < 0.05).| The difference held at month 24.",
    "Loss of response went with BCR::ABL1.| No patient progressed.",
    "As shown by Sample et al. the niche protects.| We tested this, i.e. by deleting Cxcl12.",
    "Cells (cf. Fig. 2 and Eq. 3) were sorted.| p53 was measured.",
    "Stem cells persisted.| miR-7715 was the cause.",
    "Patients took imatinib 400 mg b.i.d. for a year.| Of these, nine stopped.",
    "The drug was approved in the U.S. by the agency.| It is sold in the U.S. under a name.",
    "Isolates of E. coli and S. Typhimurium were used.| They grew.",
    "Eleven had hepatitis B.| The others had none.",
    "Is there a cure?| There is none!",
    "Survival was longer (see Results. Table 2 shows more).| It was 48 days.",
    "Both cases were sporadic, respectively.|These results suggest a source.",
    'The authors wrote "no more."| The editor agreed.',
    "Median age was 61.4 years.| 84 patients stopped.",
    "Dose No. 5 was given on day 3.| The answer was no.",
    "Dr. A. B. Sample, St. Invented Hospital, led it.| All agreed.",
)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_sentence_ends_where_a_reader_sees_its_end(pair: str) -> None:
    first, second = pair.split("|")
    assert list(sentences(first + second)) == [first, second.strip()]


@given(st.text(alphabet="aBp.?!()[] \n\"'0;vs", max_size=80))
def test_sentences_are_the_text_in_pieces_with_nothing_lost(text: str) -> None:
    told = list(sentences(text))
    assert all(one in text and one == one.strip() and one for one in told)
    assert "".join("".join(told).split()) == "".join(text.split())


def test_a_bracket_that_is_never_closed_does_not_swallow_the_abstract() -> None:
    assert len(list(sentences("Cells (n = 3 were used. They grew. They died."))) == 3


def test_labels_printed_inside_the_text_part_it() -> None:
    text = "BACKGROUND: Why. METHODS: We asked 84 people. RESULTS: 52 did. CONCLUSIONS: They may."
    kinds = [(part.kind, part.text.strip()) for part in sections([Passage("", "", text, "")])]
    assert kinds == [
        ("Background", "Why."),
        ("Methods", "We asked 84 people."),
        ("Results", "52 did."),
        ("Conclusions", "They may."),
    ]


def test_a_colon_makes_no_label() -> None:
    [part] = sections([Passage("", "", "Two drugs were given: imatinib and DASATINIB: both worked.", "")])
    assert part.kind == ""


@pytest.mark.parametrize(
    ("label", "category", "kind"),
    [
        ("CONCLUSION(S)", "CONCLUSIONS", "Conclusions"),
        ("INTERPRETATION", "", "Conclusions"),
        ("RESULTS AND CONCLUSIONS", "RESULTS", "Conclusions"),
        ("MAIN OUTCOME MEASURE(S)", "METHODS", "Methods"),
        ("FINDINGS", "RESULTS", "Results"),
        ("Results", "UNASSIGNED", "Results"),
        ("UNLABELLED", "", ""),
        ("", "CONCLUSIONS", "Conclusions"),
        ("TRIAL REGISTRATION", "BACKGROUND", "Formal"),
    ],
)
def test_a_section_is_what_its_label_says(label: str, category: str, kind: str) -> None:
    others = Passage("AIM", "OBJECTIVE", "To ask.", "")
    assert sections([others, Passage(label, category, "Something was found.", "")])[1].kind == kind
