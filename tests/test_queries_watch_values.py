"""A value that TOML lets pass and a watch cannot mean: an error with file, key and remedy."""

from pathlib import Path

import pytest
from support.scenario import write_small_watch

from queries.errors import WatchError
from queries.watch.file import Watch, load


def read(folder: Path, old: str, new: str, more: str = "") -> Watch:
    """The watch `small` with one thing changed."""
    file = write_small_watch(folder, {"ann": "$MAIL"}, more) / "small.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load(file)


@pytest.mark.parametrize("number", ["true", '"7"', "7.0", "7.5", "1e2", "nan", "2026-11-24", "[7]"])
@pytest.mark.parametrize("key", ["cap", "pmid", "must_read"])
def test_a_whole_number_is_nothing_else(tmp_path: Path, key: str, number: str) -> None:
    old, new = {
        "cap": ("cap       = 200", f"cap = {number}"),
        "pmid": ("pmid     = 90000001", f"pmid = {number}"),
        "must_read": ("threshold = 0", f"must_read = {number}"),
    }[key]
    with pytest.raises(WatchError, match=rf"small\.toml: \w+\.{key}: should be a valid integer.* Mend "):
        read(tmp_path, old, new)


@pytest.mark.parametrize("word", ["1", '"yes"', '"true"', "0.0"])
@pytest.mark.parametrize(
    ("key", "old"),
    [
        ("routes.similar", "similar  = false"),
        ("routes.cited_by", "cited_by = false"),
        ("digest.empty", "cap       = 200"),
    ],
)
def test_yes_or_no_is_nothing_else(tmp_path: Path, key: str, old: str, word: str) -> None:
    with pytest.raises(WatchError, match=rf"{key}: should be a valid boolean"):
        read(tmp_path, old, f"{key.rpartition('.')[2]} = {word}")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JavaScript://example.org/%0aalert(1)", "data:text/html,x", "file:///etc/passwd",
        "example.org/digests", "//example.org", "https://", "https:///x", "https://exa mple.org",
        "https://example.org:port/", "https://example.org:99999/", "https://[::1", " https://example.org",
        'https://example.org/\\"><script>', "https://example.org/<b>", "https://example.org/a\\nb",
    ],
)  # fmt: skip
def test_an_archive_is_where_a_browser_goes(tmp_path: Path, address: str) -> None:
    with pytest.raises(WatchError, match=r"digest\.archive: .* is not an address such as https://example"):
        read(tmp_path, "cap       = 200", f'archive = "{address}"')


@pytest.mark.parametrize(
    "address",
    [
        "watch", "watch@", "@example.org", "a@b@c.org", "a b@example.org", "a@example.org, b@example.org",
        "Ann <ann@example.org>", "mailto:ann@example.org", "ann@example.org\\nBcc: all@example.org",
        "a" * 65 + "@example.org", "ann@" + "x" * 260,
    ],
)  # fmt: skip
def test_a_mailbox_is_one_mail_address(tmp_path: Path, address: str) -> None:
    with pytest.raises(WatchError, match=r"digest\.mailbox: .* is not a mail address such as"):
        read(tmp_path, "cap       = 200", f'mailbox = "{address}"')


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"Imatinib and the niche"', '"""Two\nlines"""', "title: holds an end of line"),
        ('"Imatinib and the niche"', '"A\\rB"', "title: holds an end of line"),
        ('"Imatinib and the niche"', '"A\\u0000B"', "title: holds U+0000, which nobody sees"),
        ('"Imatinib and the niche"', '"A\\u001bB"', "title: holds U+001B"),
        ('"Imatinib and the niche"', '"A\\u0085B"', "title: holds U+0085"),
        ('"Imatinib and the niche"', '"A\\u2028B"', "title: holds U+2028"),
        ('"Imatinib and the niche"', '" \\t "', "title: holds U+0009"),
        ('"Imatinib and the niche"', '"   "', "title: is blank"),
        ('"Imatinib and the niche"', f'"{"x" * 1001}"', "title: String should have at most 1000 characters"),
        ('name  = "Niche"', 'name = "The\\nniche"', "topics[2].name: holds an end of line"),
        ('short = "TME"', 'short = "T\\u0007ME"', "topics[2].short: holds U+0007"),
        ('"Tyrosine kinase inhibitor"', '"TKI\\u0000"', "seed.keywords[2]: holds U+0000"),
        ("(niche[tiab]", "(niche\u0007[tiab]", "is not TOML"),
        ('url = "$MAIL"', 'url = "$MAIL\\nx"', "recipients[1].url: holds an end of line"),
    ],
)
def test_a_text_is_one_line_that_can_be_seen(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(WatchError) as caught:
        read(tmp_path, old, new)
    assert problem in str(caught.value)
    assert "small.toml: " in str(caught.value)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Imatinib and the niche"', '"Leucémie\u00a0myéloïde, β-catenin & 白血病 \U0001f9ec"'),
        ("cap       = 200", 'archive = "https://user@example.org:8443/~ann/digests?x=1#top"'),
        ("cap       = 200", 'archive = "http://[::1]:8000/"'),
        ("cap       = 200", 'archive = ""\nmailbox = ""'),
        ("cap       = 200", 'mailbox = "zoë+cml.o\'neil@müller.example"'),
        ("threshold = 0", "threshold = 0.25"),
    ],
)
def test_what_a_person_may_well_write_is_taken(tmp_path: Path, old: str, new: str) -> None:
    assert read(tmp_path, old, new).name == "small"


@pytest.mark.parametrize("cron", ["0 0 LW * *", "0 0 * * 5L", "0 0 30 2 *", "@daily"])
def test_a_schedule_is_one_that_prefect_runs(tmp_path: Path, cron: str) -> None:
    with pytest.raises(WatchError, match=r"schedule\.digest: is not a cron expression"):
        read(tmp_path, "[routes]", f'[schedule]\ndigest = "{cron}"\n[routes]')
    assert read(tmp_path, "[routes]", '[schedule]\ndigest = "0 7 L * *"\n[routes]').schedule.digest
