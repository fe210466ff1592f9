"""A mail's CSS against a table of what Outlook, Gmail and Apple Mail make of it."""

import csv
import re
from pathlib import Path

from support.reports_samples import digest

from reports.formats.html import html

TABLE = Path(__file__).parent / "support" / "mail_css.tsv"
LINES = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
ROWS = {row["property"]: row for row in csv.DictReader(LINES, delimiter="\t")}
PAGE = html(digest(20))
BLOCKS = "".join(re.findall(r"<style>(.*?)</style>", PAGE, re.DOTALL))


def properties(text: str) -> set[str]:
    return set(re.findall(r"(?:^|[;{\s])([a-z-]+)\s*:(?!//)", text))


def test_every_property_of_a_mail_is_in_the_table_and_nothing_else_is() -> None:
    inline = properties(";".join(re.findall(r'style="([^"]*)"', PAGE)))
    inside = properties(";".join(re.findall(r"\{([^{}]*)\}", BLOCKS)))
    used = inline | inside | {"@media prefers-color-scheme", "@media width", "!important"}
    assert len(inline) > 20
    assert used == set(ROWS)


def test_what_a_client_does_not_support_is_no_loss() -> None:
    """Of whatever is not whole everywhere the table says what a reader sees without it."""
    for name, row in ROWS.items():
        support = {row["outlook"], row["gmail"], row["apple"]}
        assert support <= {"y", "a", "n"}, name
        assert row["without"] or support == {"y"} or name == "word-break", name


def test_the_layout_stands_on_what_every_client_supports() -> None:
    """Nothing floats, flexes or is positioned; padding that matters stands on table cells."""
    assert not properties(PAGE) & {"float", "position", "flex", "grid", "transform", "background-image"}
    assert not re.search(r"display:\s*(?:flex|grid|inline-flex)", PAGE)
    assert "! important" not in PAGE
    assert not re.search(r"\S!important", BLOCKS), "Outlook wants a space before it"
