"""How long a digest takes in each form, and how large it is: 20 articles told, and 200 with 20 cards."""

import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from figures import QUICK, figure
from support.reports_samples import LINKED, digest, watch

from reports.formats.html import html
from reports.formats.markdown import markdown
from reports.formats.message import message
from reports.formats.slack import slack
from reports.formats.text import text

ROUNDS = 5 if QUICK else 20


def main() -> None:
    """Print a row a size and form, the best of ROUNDS; of the mail also what is promised."""
    print("articles (cards)  form          ms    bytes")
    for told, cards in ((11, 4), (20, 4), (200, 4), (200, 20)):
        made = digest(told, watch=watch(cap=told, must_read=cards, **LINKED))
        for form in (html, text, markdown, slack, message):
            times = []
            for _ in range(ROUNDS):
                start = perf_counter()
                form(made)
                times.append(perf_counter() - start)
            best, size = 1000 * min(times), len(str(form(made)).encode())
            print(f"{told:8} ({cards:5})  {form.__name__:9} {best:7.1f}  {size:,}")
            if form is html:
                figure(f"mail of {told} ({cards} cards): rendered in", best, "ms", at_most=50)
                figure(f"mail of {told} ({cards} cards): size", size / 1000, "kB", at_most=80)


if __name__ == "__main__":
    main()
