"""How long a mail's HTML takes, and how large it is: 20 articles told, and 200 with 20 cards."""

import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.reports_samples import LINKED, digest, watch

from reports.formats.html import html

ROUNDS = 20


def main() -> None:
    """Print a row a size: the best of ROUNDS, template and inlining together."""
    for told in (20, 200):
        made = digest(told, watch=watch(cap=told, must_read=20, **LINKED))
        times = []
        for _ in range(ROUNDS):
            start = perf_counter()
            page = html(made)
            times.append(perf_counter() - start)
        print(f"{len(made.entries)} articles: {1000 * min(times):.0f} ms, {len(page.encode()):,} bytes")


if __name__ == "__main__":
    main()
