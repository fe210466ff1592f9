"""Files by several processes: in order, an error in its turn, and no more begun than is taken."""

from collections.abc import Iterator
from os.path import getsize
from pathlib import Path

import pytest

from queries.readers.pubmed_xml.files import each_file


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_files_order_and_an_error_in_its_turn(tmp_path: Path, processes: int) -> None:
    """As if one process had done it all; the error names its file."""
    paths = [tmp_path / str(number) for number in range(6)]
    for path in paths[:4]:
        path.write_bytes(b"x" * (9 - int(path.name)))
    begun: list[Path] = []

    def files() -> Iterator[Path]:
        for path in paths:
            begun.append(path)
            yield path

    results = each_file(getsize, files(), processes)
    assert next(results) == 9
    assert len(begun) <= 2 * processes + 1
    assert [next(results) for _ in range(3)] == [8, 7, 6]
    with pytest.raises(FileNotFoundError, match="4"):
        next(results)
    assert list(results) == []
