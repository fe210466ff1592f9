"""`seedwatch tune` proposes, and writes only what it is told to, leaving comments alone."""

from pathlib import Path

from conftest import Shell
from support.watch_files import SMALL, written

from queries.watch.file import load
from queries.watch.tuning import FacetChange, rewritten, whole_term

ADD, DROP = FacetChange("niche", "stroma cell", adds=True), FacetChange("niche", "hollow", adds=False)


def test_a_change_is_asked_as_it_would_be(tmp_path: Path) -> None:
    watch = load(written(tmp_path, SMALL.replace('words = ["niche"]', 'words = ["niche", "hollow"]')))
    assert "stroma cell" not in whole_term(watch)
    assert '"stroma cell*"[tiab]' in whole_term(watch, ADD)
    assert "hollow" in whole_term(watch)
    assert "hollow" not in whole_term(watch, DROP)


def test_what_is_written_keeps_comments_and_loads(tmp_path: Path) -> None:
    text = SMALL.replace('words = ["niche"]', 'words = ["niche", "hollow"]')
    text = text.replace("[facets]\n", "[facets]  # written once\n# of the marrow\n")
    to_string = FacetChange("drug", "glivec", adds=True)
    after = rewritten(text, [ADD, DROP, to_string])
    assert "[facets]  # written once\n# of the marrow\n" in after
    watch = load(written(tmp_path, after))
    assert watch.facets["niche"].words == ("niche", "stroma cell")
    assert (watch.facets["drug"].words, "imatinib[tiab]" in watch.facets["drug"].term) == (("glivec",), True)


def test_it_proposes_what_finds_more_and_writes_on_request(at: Shell) -> None:
    """A watch that knows one word of its subject: the seed's references lack others."""
    own = at.home / "mine"
    own.mkdir()
    path = own / "narrow.toml"
    path.write_text(
        """title = "Narrow"
[seed]
pmid = 90000001
keywords = ["niche"]
[facets]
cml  = { words = ["chronic myeloid leukemia"] }  # the disease
what = { words = ["zzyzx"] }
[[topics]]
name = "What"
short = "W"
all = ["cml", "what"]
[[recipients]]
name = "group"
url = "folder://out"
""",
        encoding="utf-8",
    )
    before = path.read_bytes()
    run = at("tune", "narrow", SEEDWATCH_WATCHES=str(own))
    assert run.returncode == 0, run.stderr
    assert "narrow: 0 of " in run.stdout
    assert "to *what*: must-finds 0 → " in run.stdout
    assert "Nothing is written" in run.stdout
    assert path.read_bytes() == before
    run = at("tune", "narrow", "--write", SEEDWATCH_WATCHES=str(own))
    assert run.returncode == 0, run.stderr
    assert len(load(path).facets["what"].words) > 1
    assert "# the disease" in path.read_text(encoding="utf-8")


def test_the_shipped_watch_is_not_written(at: Shell) -> None:
    run = at("tune", "cml-stem-cells", "--write")
    assert run.returncode == 2
    assert "is the shipped one" in run.stderr
