"""A small watch file, to be changed by tests."""

from pathlib import Path

SMALL = """
title = "Niche watch"

[seed]
doi      = "https://doi.org/10.5555/SEED.1"
keywords = ["niche", "imatinib"]
more     = ["90000002", "10.5555/seed.2"]

[facets]
drug  = '''imatinib[tiab] OR "Imatinib Mesylate"[mh]'''
niche = { mesh = ["Stem Cell Niche"], words = ["niche"], acronyms = { TME = ["tumor"] }, traps = ["tumor*"] }

[[anchors]]
keyword  = "niche"
facet    = "niche"
synonyms = ["stroma"]

[[topics]]
name  = "Niche"
short = "TME"
term  = \'\'\'
(niche[tiab] OR "Stem Cell Niche"[mh])
AND imatinib[tiab]
\'\'\'

[[topics]]
name  = "Niche and drug"
short = "DRUG"
all   = ["drug", "niche"]

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
