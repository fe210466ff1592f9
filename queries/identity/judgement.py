"""What a look at two records tells, and the names of the rules and the veto that say so."""

from enum import Enum
from typing import NamedTuple

# Rules in the order of their strength; links join works in this order.
BY_ID = ("pmid", "doi", "pmcid")
RULES = (*BY_ID, "version", "preprint", "citation", "pages", "title", "abstract")
ONE_ID = "one id, two works"  # the veto that even ids do not overcome


class Relation(Enum):
    """What a look at two records tells."""

    SAME = "same"
    APART = "apart"
    UNSURE = "unsure"


class Judgement(NamedTuple):
    """`rule` names the rule or the veto; `evidence` is for people: "title 100 %, pages 12-20"."""

    relation: Relation
    rule: str = ""
    evidence: str = ""


UNSURE = Judgement(Relation.UNSURE)
