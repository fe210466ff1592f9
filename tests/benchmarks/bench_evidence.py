"""Evidence against hand labels: kind, setting, species, participants, TFR, card, quote; and speed.

Four judges: 274 real records labelled before the rules were read, one half of which (by a hash of
the id) is held out of all tuning; 45 further ones that were drawn and labelled when the rules stood,
and are left out whole; the 45 shared records on stopping treatment, which were tuned on; and the
probes of tests/evidence_probes.jsonl, invented before the rules were read. `misses` as argument
prints each wrong answer but those of what is held out.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from evidence_labelled import Labelled, cards, labelled, stopping_studies
from figures import QUICK, figure, real_data, skipped
from support.evidence_corpora import corpora
from support.evidence_probes import PROBES, wrong
from support.evidence_verbatim import invented

from queries.evidence import assess
from queries.records.article import Article
from queries.records.digest import Evidence

HELD_OUT = "held-out half", "left out whole"
ROUNDS = 3
TIMED = 9  # every ninth record
FEWEST = 2  # a class with fewer labels has no F1 worth the name
SETTINGS = {"clinical": "C", "translational": "T", "preclinical": "P"}
CELLS = ("rate", "time", "ci", "criterion", "stopped", "regained")

Case = tuple[Labelled, Evidence]


def main() -> None:
    """Print everything."""
    misses = "misses" in sys.argv
    bad = [(probe.id, found) for probe in PROBES if (found := wrong(probe, assess(probe.article)))]
    print(f"probes: {len(PROBES) - len(bad)} of {len(PROBES)} right")
    figure("evidence, probes", len(PROBES), at_least=120)
    figure("evidence, probes: right", 1 - len(bad) / len(PROBES), at_least=0.95)
    for name, found in bad if misses else ():
        print(f"    {name} {found}")
    folder = real_data("evidence on labelled records")
    if folder is None:
        return
    articles = corpora(folder)
    records = list(labelled(articles))
    for name, half, shown in (
        ("tuned half", [each for each in records if not each.held_out], misses),
        (HELD_OUT[0], [each for each in records if each.held_out], "held-out" in sys.argv),
        (HELD_OUT[1], list(labelled(articles, "evidence_fresh.csv")), False),
        ("the 45 (tuned on)", list(stopping_studies(folder)), misses),
    ):
        report(name, half, misses=shown)
    card_report(folder, misses=misses)
    if not misses and not QUICK:
        corpus_report(articles)


def report(name: str, records: Sequence[Labelled], *, misses: bool) -> None:
    """The figures of one set."""
    print(f"{name}: {len(records)} records")

    def row(what: str, right: float, of: int, least: float | None) -> None:
        """In the table stands what was left out of all tuning."""
        if name in HELD_OUT and of:
            figure(f"evidence, {name}: {what} (of {of})", right / of, at_least=least)
        elif name in HELD_OUT:
            skipped(f"evidence, {name}: {what}", "there is none")

    shown = [(each, assess(each.article)) for each in records]
    hidden = [(each, assess(each.hidden())) for each in records]
    for tags, cases in (("hidden", hidden), ("shown", shown)):
        macro, right, total, weak = _studies(cases, hidden=tags == "hidden")
        print(f"    study, tags {tags}: macro-F1 {macro:.3f}, right {right}/{total}; weak: {weak}")
        row(f"kind of study, tags {tags}, macro-F1", macro * total, total, 0.93 if tags == "shown" else 0.85)
    split = [(each, said) for each, said in hidden if each.setting not in "-?" and said.setting]
    count = sum(each.setting not in "-?" for each in records)
    right = sum(SETTINGS[said.setting] in each.setting for each, said in split)
    print(f"    clinical, translational or preclinical: right {right}/{len(split)} of {count} judged")
    row("clinical or preclinical", right, len(split), 0.95)
    judged = [(each, said) for each, said in hidden if each.species is not None]
    right = sum(_species_right(*case) for case in judged)
    row("species", right, len(judged), 0.9)
    print(f"    species: right {right}/{len(judged)} = {right / max(1, len(judged)):.3f}")
    judged = [(each, said) for each, said in hidden if each.participants is not None]
    told = [case for case in judged if case[1].participants]
    right = sum(_number_right(*case) for case in told)
    due = sum("" not in (each.participants or ()) for each, _ in judged)
    found = sum(_number_right(*case) and "" not in (case[0].participants or ()) for case in told)
    row("participants, precision", right, len(told), 0.95)
    row("participants, recall", found, due, 0.75)
    print(f"    participants: precision {right}/{len(told)}, recall {found}/{due}")
    for what, change in VIEWS.items():
        views = [(each, change(each.article)) for each in records]
        said_of = [(each, assess(view)) for each, view in views if view.title or view.abstract]
        hit = sum(each.tfr and said.tfr for each, said in said_of)
        said_n, told_n = sum(s.tfr for _, s in said_of), sum(e.tfr for e, _ in said_of)
        row(f"TFR, {what}: precision", hit, said_n, 0.97)
        row(f"TFR, {what}: recall", hit, told_n, 0.95)
        print(f"    TFR, {what}: precision {hit}/{said_n}, recall {hit}/{told_n}")
    quoted = [case for case in shown if _quote_judged(case[0])]
    right = sum(_quote_right(*case) for case in quoted)
    given = [case for case in quoted if case[1].quote]
    good = sum(_quote_right(*case) for case in given)
    row("quote acceptable", right, len(quoted), 0.93)
    print(f"    quotes: acceptable {right}/{len(quoted)}; of those given {good}/{len(given)}")
    for line in _misses(shown, hidden) if misses else ():
        print(f"        {line}")


VIEWS: dict[str, Callable[[Article], Article]] = {
    "whole": lambda article: article,
    "titles alone": lambda article: replace(article, abstract=()),
    "titles hidden": lambda article: replace(article, title=""),
}


def _accepted(each: Labelled, *, hidden: bool) -> tuple[str, ...]:
    return (*(each.study or ()), *([""] if hidden and each.vague else []))


def _studies(cases: Sequence[Case], *, hidden: bool) -> tuple[float, int, int, str]:
    """Macro-F1 over the kinds; an accepted answer counts as the label."""
    pairs = []
    for each, said in cases:
        if each.study is None:
            continue
        accepted = _accepted(each, hidden=hidden)
        pairs.append((said.study if said.study in accepted else accepted[0], said.study))
    scores = {}
    for kind in {label for label, _ in pairs}:
        hit = sum(label == said == kind for label, said in pairs)
        either = sum(label == kind for label, _ in pairs) + sum(said == kind for _, said in pairs)
        if sum(label == kind for label, _ in pairs) >= FEWEST:
            scores[kind] = 2 * hit / either
    weak = ", ".join(f"{kind or 'none'} {score:.2f}" for kind, score in sorted(scores.items()) if score < 0.9)
    right = sum(label == said for label, said in pairs)
    return sum(scores.values()) / max(1, len(scores)), right, len(pairs), weak


def _species_right(each: Labelled, said: Evidence) -> bool:
    return each.species is None or frozenset(said.species) in each.species


def _number_right(each: Labelled, said: Evidence) -> bool:
    return each.participants is not None and _digits(said.participants) in map(_digits, each.participants)


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _quote_judged(each: Labelled) -> bool:
    return bool(each.starts) or each.quotes is not None


def _quote_right(each: Labelled, said: Evidence) -> bool:
    if each.starts:
        return said.quote.startswith(each.starts)
    if not said.quote:
        return -1 in (each.quotes or ())
    text = "\n".join(passage.text for passage in each.article.abstract)
    at = text.find(said.quote)
    return any(at <= offset < at + len(said.quote) for offset in each.quotes or ())


def _misses(  # noqa: C901 - a line for each thing that may be wrong
    shown: Sequence[Case], hidden: Sequence[Case]
) -> Iterator[str]:
    for (each, said), (_, bare) in zip(shown, hidden, strict=True):
        wrongs = []
        if each.study is not None and bare.study not in _accepted(each, hidden=True):
            wrongs.append(f"study {sorted(each.study)} -> {bare.study!r} [{bare.study_reason}]")
        if each.study is not None and said.study not in each.study:
            wrongs.append(f"study shown {sorted(each.study)} -> {said.study!r} [{said.study_reason}]")
        if each.setting not in "-?" and bare.setting and SETTINGS[bare.setting] not in each.setting:
            wrongs.append(f"setting {each.setting} -> {bare.setting}")
        if not _species_right(each, bare):
            told = [sorted(one) for one in each.species or ()]
            wrongs.append(f"species {told} -> {bare.species} [{bare.species_reason}]")
        if each.participants is not None and not _number_right(each, bare):
            wrongs.append(f"n {sorted(each.participants)} -> {bare.participants!r}")
        for what, change in VIEWS.items():
            view = assess(change(each.article))
            if view.tfr > each.tfr or (view.tfr < each.tfr and what == "whole"):
                wrongs.append(f"tfr {each.tfr} -> {view.tfr} ({what}) [{view.tfr_reason}]")
        if _quote_judged(each) and not _quote_right(each, said):
            wrongs.append(f"quote {said.quote!r} ({said.quote_label})")
        if wrongs:
            yield f"{each.id}: {'; '.join(wrongs)}"


def card_report(folder: Path, *, misses: bool) -> None:
    """The cells of the TFR card, on the stopping studies among the 45."""
    studies = {each.id: each for each in stopping_studies(folder)}
    said_n, right_n = dict.fromkeys(CELLS, 0), dict.fromkeys(CELLS, 0)
    due, met = 0, 0
    for name, cells in cards().items():
        article = studies[name].article
        card = assess(article).card
        text = "\n".join(passage.text for passage in article.abstract)
        for cell in CELLS:
            value = getattr(card, cell)
            accepted = [text[start:end] for start, end in cells[cell]]
            right = value in accepted or any(value and one in value for one in accepted)
            said_n[cell] += bool(value)
            right_n[cell] += bool(value) and right
            if cell == "rate" and accepted:
                due, met = due + 1, met + right
            if misses and ((value and not right) or (accepted and not value)):
                print(f"    {name} {cell}: {accepted} -> {value!r}")
    figure("TFR card, tuned on: headline rate found", met / max(1, due), at_least=0.9)
    for cell in CELLS:
        what = f"TFR card, tuned on: {cell}, precision (of {said_n[cell]})"
        figure(what, right_n[cell] / max(1, said_n[cell]), at_least=0.98)
    print(f"TFR card (tuned on): headline rate found {met}/{due}; ", end="")
    print(", ".join(f"{cell} {right_n[cell]}/{said_n[cell]}" for cell in CELLS))


def corpus_report(articles: dict[str, Article]) -> None:
    """Over every shared record: TFR said; and the speed on some."""
    said = {name: assess(article) for name, article in articles.items()}
    some, took = list(articles.values())[::TIMED], []
    for _ in range(ROUNDS):
        start = time.process_time()
        for article in some:
            assess(article)
        took.append(time.process_time() - start)
    print(f"TFR among all {len(said)} shared records: {[name for name, one in said.items() if one.tfr]}")
    kinds = sum(bool(one.study) for one in said.values())
    false = [name for name, article in articles.items() if invented(article, said[name])]
    print(f"verbatim: what is claimed stands in the record in {len(said) - len(false)} of {len(said)}")
    print(f"a kind for {kinds}, a quote for {sum(bool(one.quote) for one in said.values())} of {len(said)}")
    figure("records assessed in a CPU second", len(some) / min(took), at_least=2_000)
    print(f"speed: {len(some) / min(took):,.0f} records/s on one core")


if __name__ == "__main__":
    main()
