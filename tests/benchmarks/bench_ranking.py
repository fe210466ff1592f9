"""How well the ranking finds the rest of a review from a few of its articles, beside others.

    SEEDWATCH_REAL_DATA=... python tests/benchmarks/bench_ranking.py

k relevant articles of a topic are the seeds, all other articles of its collection the candidates; drawn
anew several times. Nested: whatever is learned (learn_ranking) is learned without the family of collections
that it is judged on. A collection's figure is the mean over its topics; a group's the mean over collections.
Rivals and measures are in rivals.py; gains are over the best single rival of a collection or group.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import labelled
import learn_ranking
import numpy as np
from figures import QUICK, figure, real_data, skipped
from learn_ranking import CHOICES, GRID, SEEDS, Example
from rivals import MEASURES, NDCG, RIVALS, Numbers, measures

from queries.ranking.bands import PRECISION
from queries.ranking.model import log_odds
from queries.records.digest import Band

SINGLE = RIVALS[:3]
GROUPS = ("screening", "TREC", "cf", "cf, text")
LEAST = {1: 10, 3: None, 5: 5, 10: 5}  # % of gain in nDCG@20 over the best single rival, by seeds...
LEAST_MAP = {1: 45, 3: 28}  # ...and in MAP, with MeSH and references
BELOW = 5  # % that no collection may be below the best single rival
Means = dict[tuple[str, int], tuple[Numbers, dict[str, Numbers]]]


def judged(found: Sequence[Example]) -> tuple[dict[str, Means], dict[str, dict[str, float]]]:
    """Per group, the measures by what was learned without the family; per family, what was learned."""
    learned: dict[str, dict[str, float]] = {}
    results: dict[str, Means] = defaultdict(dict)
    for family in dict.fromkeys(example.family for example in found):
        known = [each for each in found if each.family != family and each.group != "cf, text"]
        place = learn_ranking.learn_order(known)
        learned[family] = learn_ranking.learn_score(known) | dict(zip(GRID, CHOICES[place], strict=True))
        for group in GROUPS:
            own = [each for each in found if (each.family, each.group) == (family, group)]
            for key, (ours, theirs) in learn_ranking.means(own).items():
                results[group][key] = (ours[place], theirs)
    return results, learned


def tables(results: Mapping[str, Means]) -> Iterator[str]:
    """Groups, then each collection."""
    for group in GROUPS:
        for count in SEEDS:
            rows = [value for (_, k), value in results[group].items() if k == count]
            ours = np.mean([ours for ours, _ in rows], axis=0)
            theirs = {name: np.mean([each[name] for _, each in rows], axis=0) for name in RIVALS}
            best = np.max([theirs[name] for name in SINGLE], axis=0)
            yield f"\n{group}, {count} seed{'s' if count > 1 else ''}, {len(rows)} collections"
            for name, values in [*theirs.items(), ("seedwatch", ours)]:
                gains = values / best - 1
                yield f"  {name:10}" + "  ".join(
                    f"{measure} {value:.3f} {gain:+6.1%}"
                    for measure, value, gain in zip(MEASURES, values, gains, strict=True)
                )
            if group == "cf":
                what = f"ranking, CF with MeSH and references, k={count}: MAP over the best rival"
                figure(what, 100 * float(gains[0]), "%", at_least=LEAST_MAP.get(count))
    yield "\nnDCG@20 by collection: seedwatch, its gain over the best single rival there, over TF-IDF"
    for group in GROUPS:
        for name in dict.fromkeys(name for name, _ in results[group]):
            cells = []
            for count in SEEDS:
                if (name, count) in results[group]:
                    ours, theirs = results[group][name, count]
                    best = max(theirs[rival][NDCG] for rival in SINGLE)
                    over = ours[NDCG] / theirs["TF-IDF"][NDCG] - 1
                    cells.append(f"k={count} {ours[NDCG]:.3f} {ours[NDCG] / best - 1:+6.1%} {over:+6.1%}")
            yield f"  {name if group != 'cf, text' else 'CF, text':20}" + " | ".join(cells)
    yield "\nspread of the gain in nDCG@20 over the best single rival, all collections"
    for count in SEEDS:
        gains = {
            name: ours[NDCG] / max(theirs[rival][NDCG] for rival in SINGLE) - 1
            for group in GROUPS[:3]
            for (name, k), (ours, theirs) in results[group].items()
            if k == count
        }
        worst = min(gains, key=lambda name: gains[name])
        low = sum(gain < -BELOW / 100 for gain in gains.values())
        what = f"ranking, nested, k={count}"
        mean = 100 * float(np.mean(list(gains.values())))
        figure(f"{what}: nDCG@20 over the best rival", mean, "%", at_least=LEAST[count])
        figure(f"{what}: worst collection, {worst}", 100 * float(gains[worst]), "%", at_least=-BELOW)
        yield (
            f"  k={count}: mean {np.mean(list(gains.values())):+.1%}, sd {np.std(list(gains.values())):.1%},"
            f" worst {worst} {gains[worst]:+.1%}; {low} of {len(gains)} more than 5 % below"
        )


def alone(found: Sequence[Example], learned: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """The score without company: what it would order by itself."""
    by_key: dict[tuple[str, int], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    theirs: dict[tuple[str, int], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for example in found:
        value = measures(_odds(example, learned[example.family]), example.grades)[NDCG]
        by_key[example.group, example.count][f"{example.name} {example.draw.topic}"].append(value)
        theirs[example.group, example.count][f"{example.name} {example.draw.topic}"].append(
            example.theirs["TF-IDF"][NDCG]
        )
    for key, topics in by_key.items():
        ours = np.mean([np.mean(each) for each in topics.values()])
        other = np.mean([np.mean(each) for each in theirs[key].values()])
        yield f"  {key[0]:10} k={key[1]:<2} nDCG@20 {ours:.3f}, {ours / other - 1:+.1%} over TF-IDF"


def _odds(example: Example, model: Mapping[str, float]) -> Numbers:
    return np.asarray(model["base"] + log_odds(example.near.astype(np.float64), model).sum(axis=1))


def calibration(found: Sequence[Example], learned: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """How often what stands in a band is relevant, at even odds within each draw; held out."""
    bands = list(Band)
    held: dict[str, Numbers] = defaultdict(lambda: np.zeros((2, len(bands))))
    draws: dict[str, int] = defaultdict(int)
    for example in found:
        draws[example.name] += 1
    for example in found:
        model = learned[example.family]
        scores = 1 / (1 + np.exp(-_odds(example, model)))
        place = np.array([bands.index(Band.of(score)) for score in scores.tolist()])
        for side, chosen in enumerate((example.grades > 0, example.grades == 0)):
            count = np.bincount(place[chosen], minlength=len(bands)) / chosen.sum() / draws[example.name]
            held[example.family][side] += count
    every = np.sum(list(held.values()), axis=0)
    for name, (yes, no) in [*held.items(), ("all held out", every)]:
        cells = [
            f"{band} {yes[i] / (yes[i] + no[i]):.2f} ({yes[i] / yes.sum():.0%} of the relevant)"
            for i, band in enumerate(bands)
        ]
        yield f"  {name:20}" + ", ".join(cells)
    off = {band: float(every[0][i] / every[:, i].sum()) - PRECISION[band] for i, band in enumerate(bands)}
    for band, gap in off.items():
        figure(f"precision of band {band}, held out, minus what is said", gap, at_least=-0.07, at_most=0.07)
    yield "  said minus held out: " + ", ".join(f"{band} {-gap:+.2f}" for band, gap in off.items())


def main() -> None:
    """Draw, score, print."""
    if QUICK:
        skipped("ranking on labelled sets", "weights are learned for each family, which takes minutes")
        return
    data = real_data("ranking on labelled sets")
    if not data:
        return
    folder = data / "relevance"
    collections = list(labelled.collections(folder))
    collections += [each.text_only() for each in collections if each.group == "cf"]
    report([example for each in collections for example in learn_ranking.examples(each)])


def report(found: Sequence[Example]) -> None:
    """Print all of it."""
    results, learned = judged(found)
    print("\n".join(tables(results)))
    print("\nlearned without each family")
    for family, weights in learned.items():
        print(f"  {family:20}{weights}")
    print("\nthe score alone, as one paper's own")
    print("\n".join(alone(found, learned)))
    print("\nprecision of the bands at even odds")
    print("\n".join(calibration([each for each in found if each.group != "cf, text"], learned)))


if __name__ == "__main__":
    main()
