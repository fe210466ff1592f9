"""Kill -9, hundreds of times, over weekly slots: what reached whom, by what the servers themselves received.

    bench_kills.py [--kills 200] [--slots 8] [--commands 10] [--seed 1] [--quick]

`--commands` are kills of the real command line, with a Prefect server, in a second table; --quick is 12 kills
over two slots, and none of those. Ends with exit 1 if
there is not one digest a slot, if an address has a digest twice, or not at all without a named doubt, or if
other articles were told than without any kill.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import conftest  # noqa: F401 - makes Prefect's home, before anything imports it
from figures import QUICK, figure
from support.campaign import MOMENT, POINTS, Campaign, Copies, Fates, copies, warm_up
from support.campaign_commands import killed_commands
from support.campaign_servers import Arrival, CampaignServers

FIRST = datetime(2026, 10, 19, 12, tzinfo=UTC)  # the first Monday of the sample's events
PHASES = ("harvest", "remember", "record", "deliver")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    kills, slots, commands = (12, 2, 0) if QUICK else (200, 8, 10)
    for name, number in {"--kills": kills, "--slots": slots, "--commands": commands, "--seed": 1}.items():
        parser.add_argument(name, type=int, default=number)
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)  # noqa: S311 - to be repeated
    warm_up()
    with tempfile.TemporaryDirectory() as name, CampaignServers(Path(name) / "arrivals") as servers:
        folder = Path(name)
        calm = Campaign(servers, folder / "calm", FIRST)
        seconds = calm.undisturbed(wanted.slots)
        whole, expected = calm.fates(), servers.arrivals()
        print(
            f"undisturbed: {whole.digests} digests, {len(whole.told)} told, {seconds:.2f} s the shortest run",
            flush=True,
        )
        broken = judged(whole, servers, wanted.slots)

        servers.forget()
        began = time.perf_counter()
        harmed = Campaign(servers, folder / "harmed", FIRST)
        harmed.disturbed(wanted.slots, wanted.kills, chance, seconds)
        print(f"\nforks of the flows' work: {harmed.kills.total()} kills, {harmed.runs} runs, "
              f"{time.perf_counter() - began:.0f} s")  # fmt: skip
        show_kills(harmed.kills)
        fates = harmed.fates()
        figure("kills of the flows' work", harmed.kills.total(), at_least=wanted.kills)
        figure("digests more or less than slots", abs(fates.digests - wanted.slots), at_most=0)
        broken += judged(fates, servers, wanted.slots, harmed.kills.total(), (whole, expected))

        if wanted.commands:
            servers.forget()
            began = time.perf_counter()
            real = Campaign(servers, folder / "real", FIRST)
            slots = min(2, wanted.slots)
            killed_commands(real, slots, wanted.commands, chance)
            print(f"\n`seedwatch run`: {real.kills.total()} kills, {real.runs} runs, "
                  f"{time.perf_counter() - began:.0f} s")  # fmt: skip
            show_kills(real.kills)
            broken += judged(real.fates(), servers, slots, real.kills.total())
    figure("kills: promises broken", len(broken), at_most=0)
    for line in broken:
        print(f"BROKEN: {line}")
    sys.exit(bool(broken))


def show_kills(kills: Counter[str]) -> None:
    """A line a point."""
    for phase in PHASES:
        for point in POINTS:
            if point.phase == phase and kills[point.name]:
                print(f"  {phase:9} {point.name:36} {kills[point.name]:4}")
    for name in kills.keys() - {point.name for point in POINTS}:
        if kills[name]:
            print(f"  {'any' if name == MOMENT else 'command':9} {name:36} {kills[name]:4}")


def judged(
    fates: Fates,
    servers: CampaignServers,
    slots: int,
    kills: int = 0,
    calm: tuple[Fates, list[Arrival]] | None = None,
) -> list[str]:
    """Print what reached whom; return what is not as promised, or not as in the `calm` life."""
    counted, strange = copies(fates, servers)
    arrived = servers.arrivals()
    numbers = sorted({each.digest for each in arrived if each.digest})
    doubts = [each for each in counted if each.state == "unknown"]
    told = _articles(arrived)
    table: defaultdict[str, dict[int, list[Copies]]] = defaultdict(dict)
    for each in counted:
        table[each.place.partition(" ")[0]].setdefault(each.digest, []).append(each)
    print(
        f"  {fates.digests} digests, {len(numbers)} seen in mails; copies by digest, part + part, ? a doubt:"
    )
    for place, by_digest in sorted(table.items()):
        row = " ".join(
            f"{'+'.join(map(str, by_digest.get(number, ()))):>9}" for number in range(1, slots + 1)
        )
        print(f"    {place:18} {row}")
    print(
        f"  {len(counted)} parcels: {sum(each.arrived == 1 for each in counted)} arrived once, "
        f"{sum(each.arrived > 1 for each in counted)} more often, {strange} arrivals of no parcel; "
        f"{len(doubts)} doubts ({sum(each.arrived for each in doubts)} had arrived), {len(fates.named)} named"
    )
    print(
        f"  {len(fates.told)} articles told, {len(fates.told) - len(set(fates.told))} twice; "
        f"{len(told)} papers named in mails"
    )
    broken = [
        f"digest {each.digest} to {each.place}: {each.arrived} copies, {each.state}"
        for each in counted
        if each.broken
    ]
    if fates.digests != slots:
        broken.append(f"{fates.digests} digests for {slots} slots")
    if strange:
        broken.append(f"{strange} arrivals of other bytes than any parcel's")
    if len(doubts) != len(fates.named) or len(doubts) > kills:
        broken.append(f"{len(doubts)} doubts by {kills} kills, {len(fates.named)} named")
    if len(fates.told) != len(set(fates.told)):
        broken.append("articles were told twice")
    if calm and fates.told != calm[0].told:
        broken.append(f"other articles were told: {sorted(set(fates.told) ^ set(calm[0].told))}")
    if calm and (other := _other_articles(arrived, calm[1])):
        broken.append(f"other articles in the mails: {sorted(other)}")
    if fates.trouble:
        broken.append(f"digests speak of trouble: {fates.trouble[:3]}")
    return broken


def _other_articles(arrived: list[Arrival], calm: list[Arrival]) -> set[int]:
    """What mails of both lives don't share, but for digests that are a doubt to all, and in no mail."""
    seen = {each.digest for each in arrived}
    in_doubt = _articles([each for each in calm if each.digest not in seen])
    return (_articles(arrived) ^ _articles(calm)) - in_doubt


def _articles(arrived: list[Arrival]) -> set[int]:
    return {pmid for each in arrived for pmid in each.pmids}


if __name__ == "__main__":
    main()
