"""Names by which a stranger finds the way."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_a_public_class_name_stands_once_in_the_project() -> None:
    """Two classes of one name are taken for each other."""
    files = [file for room in ("flows", "queries", "reports") for file in (ROOT / room).rglob("*.py")]
    names = Counter(
        name
        for file in files
        for name in re.findall(r"^class ([A-Z]\w*)\b", file.read_text("utf-8"), re.MULTILINE)
    )
    assert len(names) > 200
    assert [name for name, count in names.items() if count > 1] == []
