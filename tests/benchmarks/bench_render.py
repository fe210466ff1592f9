"""How long a digest takes in each form, and how large it is: 20 articles told, and 200 with 20 cards."""

import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.reports_samples import LINKED, digest, watch

from reports.formats.html import html
from reports.formats.markdown import markdown
from reports.formats.message import message
from reports.formats.slack import slack
from reports.formats.text import text

ROUNDS = 20


def main() -> None:
    """Print a row a size and form: the best of ROUNDS; target: the HTML of 200 articles in 50 ms."""
    print("articles  form        ms    bytes")
    for told, cards in ((11, 4), (20, 4), (200, 4), (200, 20)):
        made = digest(told, watch=watch(cap=told, must_read=cards, **LINKED))
        for form in (html, text, markdown, slack, message):
            times = []
            for _ in range(ROUNDS):
                start = perf_counter()
                form(made)
                times.append(perf_counter() - start)
            size = len(str(form(made)).encode())
            print(f"{told:4} ({cards:2})  {form.__name__:9} {1000 * min(times):5.1f}  {size:,}")


if __name__ == "__main__":
    main()
