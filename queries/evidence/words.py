"""Words that several rules share: people, animals, cell lines, numbers, the drugs of CML."""
# ruff: noqa: E501 - a pattern is read in one piece

import re

from queries.evidence.rules import compiled

PEOPLE = (
    r"(?:patients?|participants?|subjects?|volunteers?|adults?|children|women|men|people|persons?|individuals?|"
    r"infants?|newborns?|neonates?|adolescents?|students?|residents?|physicians?|nurses?|athletes|couples|clinics?|"
    r"practices|hospitals|schools|households|survivors?|cases|eyes|knees|clusters|novices|outpatients|inpatients|"
    r"migraineurs|veterans|smokers|relatives|parents|mothers|siblings?|sibling pairs|twins|families|pregnancies)"
)
SICK = (
    r"(?:cases?(?![- ]control)|patients?|adult|man|woman|child|infant|boy|girl|neonate|passenger|male|female|recipient|"
    r"toddler|adolescent|teenager|parturient|athlete)"
)

# Each animal's name on the badge, stems of which one must be in the text, and its words.
_ANIMALS = (
    ("mouse", "mice|mouse|murine|xeno|nsg ", r"mice|mouse|murine|nsg|xenograft\w*|xenotransplant\w*"),
    ("rat", "rats|rat |sprague", r"rats?|sprague[- ]dawley"),
    ("zebrafish", "zebrafish", r"zebrafish"),
    ("monkey", "monkey|macaque|marmoset|baboon|primates", r"monkeys?|macaques?|marmosets?|baboons?|nonhuman primates"),
    ("dog", "dogs|dog |canine|beagle", r"dogs?|(?<!maxillary )(?<!mandibular )(?<!impacted )canine|beagles?"),
    ("pig", "pigs|pig |piglet|porcine|swine| sows", r"(?<!guinea )pigs?|piglets?|porcine|swine|sows"),
    ("guinea pig", "guinea pig", r"(?<!being a )(?<!human )(?<!like a )(?<!like )(?<!as a )guinea pigs?"),
    ("rabbit", "rabbit", r"rabbits?"),
    ("sheep", "sheep|ovine| ewes|lambs", r"sheep|ovine| ewes|lambs"),
    ("horse", "horse|mares|equine", r"(?<!trojan )(?<!dark )horses?|mares|equine"),
    ("cat", " cats|cats |feline", r"cats|feline"),
    ("hamster", "hamster", r"hamsters?"),
    ("cow", "cows|cattle|bovine|calves|heifer", r"cows|cattle|bovine|calves|heifers?"),
    ("goat", " goat", r"goats?"),
    ("ferret", "ferret", r"ferrets?"),
    ("chicken", "chicken|chick embryo|poultry|broiler", r"chickens?|chick embryos?|poultry|broilers?"),
    ("gerbil", "gerbil", r"gerbils?"),
    ("vole", "voles|lemming", r"voles?|lemmings?"),
    ("frog", "frog|xenopus|toad", r"frogs?|xenopus|toads?"),
    ("fish", " fish|trout|salmon", r"(?<!salted )(?<!dried )(?<!eating )(?<!consumption of )(?<!intake of )fish(?:es)?|trout|salmon"),
    ("bird", "birds|turkeys|pigeons|finch|quail", r"birds|turkeys|pigeons?|finch(?:es)?|quails?"),
    ("bear", " bears", r"(?:grizzly|black|brown|polar|wild) bears"),
    ("deer", "deer|elk ", r"deer|elk"),
    ("mosquito", "mosquito", r"mosquito(?:es)?"),
    ("drosophila", "drosophila", r"drosophila"),
    ("worm", "elegans", r"c(?:\.|aenorhabditis) elegans"),
    ("yeast", "yeast|cerevisiae", r"yeasts?|s\. cerevisiae|saccharomyces cerevisiae"),
)  # fmt: skip
# Not the animal itself: its antibody, its cells, its serum, its disease, a dish, a tooth.
_PRODUCT = (
    r"(?![- ](?:borne|consumption|intake|eat\w+|eaters|flu\b|influenza|chestnut|ear\b|leg\b|impaction|retraction|distali\w+|eruption|tooth|teeth|"
    r"monoclonal|polyclonal|anti|cells?\b|cell lines?|leuk\w+ (?:macrophage|cell)|fibroblast|antibod|igg|tail|"
    r"scan|food|glioma|pheochromocytoma|scratch|pox|serum|milk|meat|bites?|allerg|fever|ownership|owners?|collagen|"
    r"insulin|o?estrogen|conjugated|pericardi|valve|hair|flea|neuroblastoma|myoblast|hybridoma|virus|oil))"
)
ANIMALS = tuple(
    (name, tuple(stems.split("|")), compiled(rf"\b(?:{words})\b{_PRODUCT}"))
    for name, stems, words in _ANIMALS
)
# As bodies: not mouse brain, murine cells, a rat cDNA, but mice, rats and their models.
_MODELS = r"(?:[a-z-]+ )?(?:models?|strains?|xenografts?|studies|colony|litters|pups)"
BODIES = (
    ("mice", r"\bmice\b"),
    ("rats", r"\brats\b"),
    ("mouse |murine ", rf"\b(?:mouse|murine) {_MODELS}\b"),
    ("rat ", rf"\brat {_MODELS}\b"),
    ("xeno", r"\bxenografts?\b|\bxenotransplant\w*"),
    ("mouse| rat", r"\b(?:in|of) (?:the |a |adult |male |female )*(?:mouse|rat)(?=[.:,;]|$)"),
    *((stems, rf"\b(?:{words})\b{_PRODUCT}") for name, stems, words in _ANIMALS[2:] if name != "yeast"),
)

# Lines by name, with or without the hyphen.
CELL_LINES = (
    r"\b(?:k-?562\w*|ku-?812\w?|kcl-?22\w?|lama-?84\w?|meg-?01|kyo-?1|kbm-?\d|jurl-?mk1|bv-?173|sup-?b15|tom-?1|em-?[23]|"
    r"nalm-?\d+|ba/?f3|32d\w*|hl-?60|nb-?4|u-?937|thp-?1|mv-?4-?11|molm-?1[34]|oci-?aml\d?|kg-?1a|kasumi-?1|mono-?mac|"
    r"jurkat|molt-?4|ccrf-?cem|raji|daudi|ramos|hela|hek-?293\w*|293t|mcf-?(?:7|10a)|t-?47d|mda-?mb-?\d+|hep-?g2|huh-?7|"
    r"caco-?2|hct-?116|ht-?29|sw-?480|dld-?1|a-?549|h-?1975|h-?1299|calu-?3|a-?2780|skov-?3|ovcar-?\d|pc-?3|lncap|du-?145|"
    r"u-?87\w*|u-?251|t98g|sh-?sy5y|sk-?n-?sh|neuro-?2a|n2a|pc-?12|ins-?1\w?|min-?6|3t3(?:-l1)?|nih-?3t3|c2c12|raw ?264(?:\.7)?|"
    r"cho(?:-k1)? cells|vero(?: e6)?|mdck|cos-?7|s2 cells|sf9|dt40|huvecs?|hacat|ms-?5|hs-?5|op-?9|saos-?2|u2os|a375|b16\w*|"
    r"el-?4|p388|l-?1210|4t1|ll2)\b"
)

_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
VALUES = {word: n for n, word in enumerate(_ONES, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?:[- ]{{1,2}}(?:{'|'.join(_ONES[:9])}))?|{'|'.join(reversed(_ONES))})"
_HUNDRED = rf"(?:(?:{'|'.join(reversed(_ONES))}|a) hundred(?: and)?(?: {_SMALL})?)"
WORDED = rf"(?:{_HUNDRED}|{_SMALL})"
# More than a few, from six on: in digits, in words, and how to see that there may be words.
SEVERAL_DIGITS = r"(?:[1-9]\d{0,2}[, ]\d{3}|[1-9]\d{1,4}|[6-9])"
SEVERAL_WORDS = rf"(?:{_HUNDRED}|(?:{'|'.join(_TENS)})(?:[- ]{{1,2}}(?:{'|'.join(_ONES[:9])}))?|{'|'.join(reversed(_ONES[5:]))})"
SEVERAL_STEMS = "|".join(("hundred", *_TENS, *_ONES[5:]))
SEVERAL = rf"(?:{SEVERAL_DIGITS}|{SEVERAL_WORDS})"


def count(printed: str) -> int:
    """The value of a number in digits or in words, 0 if it is none."""
    if digits := re.sub(r"\D", "", printed):
        return int(digits)
    hundreds, _, rest = printed.rpartition("hundred")
    many = 1 if hundreds.strip() == "a" else VALUES.get(hundreds.strip(), 0)
    return 100 * many + sum(VALUES.get(word, 0) for word in re.findall("[a-z]+", rest))


# The inhibitors given for CML.
TKIS = (
    r"imatinib|nilotinib|dasatinib|bosutinib|ponatinib|asciminib|radotinib|flumatinib|olverembatinib|vodobatinib|"
    r"glivec|gleevec|tasigna|sprycel|bosulif|iclusig|scemblix|sti-?571"
)
