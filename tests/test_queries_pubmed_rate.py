"""The pace that all processes keep to."""

from pathlib import Path

import pytest

from queries.errors import SettingsError
from queries.pubmed.rate import Pace


def test_a_pace_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    pace = Pace(3.0, state=tmp_path / "a file" / "pace")
    with pytest.raises(SettingsError, match="a file"):
        pace.take()
