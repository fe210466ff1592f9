"""Every mistake in a watch file is one line that names file, table, key, facet and remedy."""

from pathlib import Path

import pytest
from support.watch_files import SMALL, written

from queries.errors import WatchError
from queries.watch.file import load


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
        ('"Stem Cell Niche"[mh])', '"Stem Cell Niche[mh])', "a quotation mark is not closed"),
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
        (
            '"group"',
            '"group"\ntopics = ["TFR"]',
            "recipient 'group' asks for topic 'TFR'; there are TME, DRUG",
        ),
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
        ('words = ["niche"]', 'word = ["niche"]', "facets.niche.word: is not a key of a watch. Write words"),
        ('facet    = "niche"', 'fact    = "niche"', "anchors[1].fact: is not a key of a watch. Write facet"),
        ('all   = ["drug", "niche"]', 'any = ["drug"]', "topics[2].any: is not a key of a watch. Remove it"),
        ('["drug", "niche"]', '["drug", "nich"]', "topics[2].all: no facet is named 'nich'. Write 'niche'"),
        (
            '["drug", "niche"]',
            '["drug"]\nnone = ["x"]',
            "topics[2].none: no facet is named 'x'. The facets are",
        ),
        ('["drug", "niche"]', '["drug", "drug"]', "topics[2].all: facet 'drug' stands twice. Remove"),
        ('["drug", "niche"]', '["drug"]\nnone = ["drug"]', "topics[2].none: facet 'drug' stands twice"),
        ('["drug", "niche"]', "[]", "topics[2]: asks for nothing. Write all = "),
        ('["drug", "niche"]', '"drug"', "topics[2].all: should be a list"),
        (
            '["drug", "niche"]',
            '["drug", "niche"]\nterm = "x[ti]"',
            "topics[2]: has a term and facets. Keep one",
        ),
        (
            '["drug", "niche"]',
            '["niche"]',
            "facets.drug: is used by no topic and no anchor. Use it, or remove it",
        ),
        (
            'facet    = "niche"',
            'facet    = "nihce"',
            "anchors[1].facet: no facet is named 'nihce'. Write 'niche'",
        ),
        ("drug  =", "Drug  =", "facets.Drug: may hold small letters, digits and hyphens only"),
        ("drug  =", "drug = 3\nother =", "facets.drug: should be a"),
        ("drug  =", 'drug = ["imatinib"]\nother =', "facets.drug: is a list. Write { words = […] }"),
        ("[facets]", "[facets]\nempty = {}", "facets.empty: asks for nothing. Write words"),
        ("[facets]", '[facets]\nempty = ""', "facets.empty: asks for nothing. Write words"),
        ("[facets]", '[facets]\nempty = { traps = ["x"] }', "facets.empty: asks for nothing. Write words"),
        (
            "[facets]",
            '[facets]\nspare = { words = ["x"] }',
            "facets.spare: is used by no topic and no anchor",
        ),
        (
            "[facets]",
            "[facets]\ntwin = 'imatinib[tiab] OR \"Imatinib Mesylate\"[mh]'",
            "facets.drug: is the same as facets.twin",
        ),
        ('imatinib[tiab] OR "Ima', '(imatinib[tiab] OR "Ima', "facets.drug.term: term at character 1"),
        ('words = ["niche"]', 'words = "niche"', "facets.niche.words: should be a list"),
        ('words = ["niche"]', 'words = [""]', "facets.niche.words[1]: String should have at least 1"),
        ('words = ["niche"]', 'words = ["+"]', "facets.niche.words[1]: '+' holds no word"),
        (
            'words = ["niche"]',
            'words = ["niche[tiab]"]',
            "facets.niche.words[1]: 'niche[tiab]' holds '['. Write the words",
        ),
        (
            'words = ["niche"]',
            'words = ["ni*"]',
            "facets.niche.words[1]: 'ni*' has fewer than 4 letters before *",
        ),
        (
            'words = ["niche"]',
            'words = ["niche", "Niche"]',
            "facets.niche: words holds 'niche' twice. Remove",
        ),
        ('words = ["niche"]', 'words = ["niche", "tumor*"]', "'tumor*' is a word and a trap"),
        ('words = ["niche"]', "words = [7]", "facets.niche.words[1]: should be a valid string"),
        (
            'mesh = ["Stem Cell Niche"]',
            'mesh = ["Stem Cell*"]',
            "facets.niche.mesh[1]: 'Stem Cell*': * keeps PubMed",
        ),
        ('{ TME = ["tumor"] }', '["TME"]', "facets.niche.acronyms: is a list. Write a table such as { TME ="),
        ('{ TME = ["tumor"] }', '{ TME = "tumor" }', "facets.niche.acronyms.TME: should be a list"),
        ('{ TME = ["tumor"] }', '{ TME = ["[x]"] }', "facets.niche.acronyms.TME[1]: '[x]' holds '['"),
        ("title =", 'name = "x"\ntitle =', "name: is not a key of a watch. Remove it: its file's name"),
        ('title = "Niche watch"', 'title = ""', "title: String should have at least 1 character"),
        ("keywords = [", "keywords = []\nmore2 = [", "seed.more2: is not a key of a watch"),
        ("[seed]", "[seed]\npmid = -1", "seed.pmid: should be greater than 0"),
        (
            'url    = "mailtos',
            'urls    = "mailtos',
            "recipients[1].urls: is not a key of a watch (and 1 more). Write url",
        ),
        ('"group"', '"group"\non_unknown = "drop"', "recipients[1].on_unknown: should be 'ask' or 'resend'"),
        ('threshold = "auto"', "cap = 0", "digest.cap: should be greater than or equal to 1"),
        ('threshold = "auto"', "must_read = 99", "digest.must_read: should be less than or equal to 20"),
        ('threshold = "auto"', 'empty = "maybe"', "digest.empty: should be a valid boolean"),
        ("[schedule]", "[schedule]\nbacklog = 7", "schedule.backlog: should be a valid boolean"),
        (
            "[schedule]",
            "[routes]\nsimlar = true\n[schedule]",
            "routes.simlar: is not a key of a watch. Write similar",
        ),
        ("[facets]", "[facets]\ndrug = 'x[ti]'", "is not TOML"),
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
