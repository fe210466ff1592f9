"""A watch file: what it says, and what is said of each mistake in it."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from queries.errors import SettingsError, WatchError
from queries.watch.check import problems, resolve
from queries.watch.file import SHIPPED, Watch, load, watch_files

SMALL = """
title = "Niche watch"

[seed]
doi      = "https://doi.org/10.5555/SEED.1"
keywords = ["niche", "imatinib"]
more     = ["90000002", "10.5555/seed.2"]

[[anchors]]
keyword  = "niche"
synonyms = ["stroma"]

[[topics]]
name  = "Niche"
short = "TME"
term  = \'\'\'
(niche[tiab] OR "Stem Cell Niche"[mh])
AND imatinib[tiab]
\'\'\'

[schedule]
timezone = "Europe/Oslo"
first    = "14 days"

[digest]
threshold = "auto"

[[recipients]]
name   = "group"
url    = "mailtos://$MAIL_USER:${MAIL_PASS}@example.org"

[expect]
min = 0
max = 40
"""


def written(tmp_path: Path, text: str, name: str = "niche") -> Path:
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Watch:
    return load(written(tmp_path, SMALL))


def test_a_file_becomes_a_watch_with_defaults(small: Watch) -> None:
    """The name is the file's, the DOI loses its resolver, the term stands on one line."""
    assert (small.name, small.seed.doi) == ("niche", "10.5555/seed.1")
    assert small.topics[0].term == '(niche[tiab] OR "Stem Cell Niche"[mh]) AND imatinib[tiab]'
    assert (small.schedule.zone, small.schedule.first_days) == (ZoneInfo("Europe/Oslo"), 14)
    assert (small.digest.cap, small.routes.similar, small.recipients[0].format) == (20, True, "html")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('first    = "14', 'frist    = "14', "schedule.frist: is not a key of a watch. Write first"),
        ("max = 40", "xyzzy = 40", "expect.xyzzy: is not a key of a watch. Remove it"),
        ("title =", "tilte =", "tilte: is not a key of a watch (and 1 more). Write title"),
        ('short = "TME"', "", "topics[1].short: is missing. Write topics[1].short"),
        ('"14 days"', '"two weeks"', 'schedule.first: is not a number of days such as "30 days"'),
        ('"14 days"', '"0 days"', "schedule.first: is not a number of days"),
        (
            "[schedule]",
            '[schedule]\nharvest = "6am"',
            "schedule.harvest: is not a cron expression of five fields",
        ),
        ("[schedule]", '[schedule]\ndigest = "61 7 * * MON"', "schedule.digest: is not a cron expression"),
        ("Europe/Oslo", "Europe/Olso", "schedule.timezone: is not an IANA time zone"),
        ("AND imatinib[tiab]", "AND (imatinib[tiab]", "a parenthesis is not closed"),
        ('"Stem Cell Niche"', '"Stem Cell Niche', "a quotation mark is not closed"),
        ("max = 40", 'max = "many"', "expect.max: should be a valid integer"),
        ("min = 0", "min = 41", "expect: min 41 is above max 40"),
        (
            'threshold = "auto"',
            "threshold = 3",
            'digest.threshold: is neither "auto" nor a number from 0 to 1',
        ),
        ('threshold = "auto"', "threshold = true", 'digest.threshold: is neither "auto" nor a number'),
        ('keywords = ["niche", "imatinib"]', 'keywords = "niche"', "seed.keywords: should be a list"),
        ('["niche", "imatinib"]', '["niche", "niche"]', "seed.keywords 'niche' is given twice"),
        ('keyword  = "niche"', 'keyword  = "nich"', "anchor 'nich' is not one of seed.keywords"),
        ("https://doi.org/10.5555/SEED.1", "11.5555/x", "seed.doi: '11.5555/x' is not a DOI"),
        ('doi      = "https://doi.org/10.5555/SEED.1"', "", "seed: needs a doi or a pmid"),
        ('"90000002"', '"PMC12"', "seed.more[1]: 'PMC12' is not a DOI"),
        ('"group"', '"The Group"', "recipients[1].name: may hold small letters, digits and hyphens only"),
        ('"group"', '"group"\nformat = "pdf"', "recipients[1].format: should be 'html', 'text', 'slack' or"),
        ('"group"', '"group"\ntopics = ["TFR"]', "recipient 'group' asks for topic 'TFR'; there are TME"),
        (
            "[expect]",
            '[[recipients]]\nname = "group"\nurl = "$A"\n[expect]',
            "recipients: name 'group' is given twice",
        ),
        (
            "[schedule]",
            "[[topics]]\nname = 'x'\nshort = 'TME'\nterm = 'x[ti]'\n[schedule]",
            "topics: short 'TME' is given twice",
        ),
        ("[expect]", "[expect", "is not TOML"),
        ("[expect]", f"x = {'[' * 4000}\n[expect]", "lists within lists"),
    ],
)
def test_each_mistake_is_one_line_with_file_key_and_remedy(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """The file, the key, what is wrong, what to do."""
    assert old in SMALL
    path = written(tmp_path, SMALL.replace(old, new, 1))
    with pytest.raises(WatchError) as caught:
        load(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert said in line
    assert "\n" not in line
    assert caught.value.remedy


def test_a_file_that_cannot_be_read_or_is_badly_named_is_said(tmp_path: Path) -> None:
    """Absent, in another encoding, with a name that no command could take."""
    with pytest.raises(WatchError, match="cannot be read"):
        load(tmp_path / "absent.toml")
    (tmp_path / "latin.toml").write_bytes(SMALL.replace("Niche watch", "Nísche").encode("latin-1"))
    with pytest.raises(WatchError, match="UTF-8"):
        load(tmp_path / "latin.toml")
    with pytest.raises(WatchError, match=r"the file's name: .*Rename the file"):
        load(written(tmp_path, SMALL, "My Watch"))


def test_a_later_folder_replaces_a_watch_of_the_same_name(tmp_path: Path) -> None:
    """So that a group can change the shipped watch without touching the installation."""
    own = written(tmp_path, SMALL, "cml-stem-cells")
    assert list(watch_files((SHIPPED, tmp_path))) == [own]


def test_names_in_an_address_come_from_the_environment(small: Watch) -> None:
    """$NAME and ${NAME}; a missing one names watch, recipient and variable, and no value."""
    group = small.recipients[0]
    environment = {"MAIL_USER": "ann", "MAIL_PASS": "secret"}
    assert resolve(group, small.name, environment) == "mailtos://ann:secret@example.org"
    with pytest.raises(SettingsError) as caught:
        resolve(group, small.name, {"MAIL_PASS": "secret", "MAIL_USER": " "})
    assert str(caught.value).startswith("watch niche, recipient group: $MAIL_USER is not set. Set MAIL_USER")
    assert "secret" not in str(caught.value)


def test_a_watch_in_order_has_no_problems(small: Watch) -> None:
    """Nothing is invented."""
    assert problems(small, {"MAIL_USER": "ann", "MAIL_PASS": "secret"}) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("imatinib[tiab]", "imatinib", "topic TME, term at character 44: imatinib has no field"),
        ("imatinib[tiab]", "leukemia[tiab]", "leukemia is also spelled leukaemia"),
        (
            "$MAIL_USER:${MAIL_PASS}",
            "ann:secret",
            "recipient group, url: an address stands in the file itself",
        ),
        (
            "mailtos://$MAIL_USER:${MAIL_PASS}@example.org",
            "$MAIL_USER",
            "recipient group, url: is not an apprise URL",
        ),
        ("$MAIL_USER", "$MAILER", "recipient group, url: $MAILER is not set. Set MAILER"),
    ],
)
def test_what_loads_and_still_is_wrong_is_a_problem(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The lint of each term, secrets in the file, names that are not set."""
    watch = load(written(tmp_path, SMALL.replace(old, new)))
    found = problems(watch, {"MAIL_USER": "ann", "MAIL_PASS": "secret"})
    assert len(found) == 1
    assert said in str(found[0])


def test_a_folder_is_no_secret(tmp_path: Path) -> None:
    """The demo's own channel may stand in the file."""
    watch = load(
        written(tmp_path, SMALL.replace("mailtos://$MAIL_USER:${MAIL_PASS}@example.org", "folder://out"))
    )
    assert problems(watch, {}) == ()
