"""Which of the index's fields a tag searches, and the words that PubMed reads in its own way."""

_TIAB = ("ti", "ab", "ot")
_TW = (*_TIAB, "tt", "mh", "sh", "pt", "nm", "ps", "si", "id")
TEXT = {  # tag → the fields of the word index that it searches
    "ti": ("ti",),
    "tiab": _TIAB,
    "ot": ("ot",),
    "tt": ("tt",),
    "ad": ("ad",),
    "cn": ("cn",),
    "gr": ("gr",),
    "ps": ("ps",),
    "cois": ("cois",),
    "book": ("book",),
    "pubn": ("pubn",),
    "tw": _TW,
    "all": (*_TW, "ad", "au", "cn", "ta", "gr", "cois", "book", "pubn"),
}
NAMES = {"au", "1au", "lastau", "ir", "fau", "fir"}
WHOLE = {"aid", "doi", "ip", "isbn", "jid", "la", "lid", "nm", "pg", "pl", "rn", "si", "ta", "vi", "auid"}
LANGUAGES = {
    "english": "eng",
    "french": "fre",
    "german": "ger",
    "chinese": "chi",
    "japanese": "jpn",
    "spanish": "spa",
    "russian": "rus",
    "italian": "ita",
    "portuguese": "por",
    "polish": "pol",
    "dutch": "dut",
    "korean": "kor",
    "turkish": "tur",
    "hungarian": "hun",
    "czech": "cze",
    "danish": "dan",
    "swedish": "swe",
    "norwegian": "nor",
    "hebrew": "heb",
    "ukrainian": "ukr",
}
STOP_WORDS = frozenset(  # NBK3827, "Stopwords"
    """a about again all almost also although always among an and another any are as at be because been
    before being between both but by can could did do does done due during each either enough especially
    etc for found from further had has have having here how however i if in into is it its itself just kg
    km made mainly make may mg might ml mm most mostly must nearly neither no nor obtained of often on our
    overall perhaps pmid quite rather really regarding seem seen several should show showed shown shows
    significantly since so some such than that the their theirs them then there therefore these they this
    those through thus to upon use used using various very was we were what when which while with within
    without would""".split()  # noqa: SIM905 - PubMed's list, as it prints it
)
