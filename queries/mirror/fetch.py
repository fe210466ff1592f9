"""EFetch and ESummary: the same records in PubMed's various forms.

EFetch's forms by rettype and retmode, where it was recorded (r), is documented in NBK25499 (d), or is
believed (b):

    rettype     retmode       gives
    -           -, xml        records in XML                (r)
    -           text          a PMID a line                 (r)
    uilist      -, text       a PMID a line                 (r)
    uilist      xml           IdList                        (b)
    medline     -, text       MEDLINE                       (r)
    abstract    -, xml        records in XML                (r)
    abstract    text          abstracts to be read          (r)
    docsum      -, xml        ESummary's version 1          (b)
    docsum      text          citations to be read          (b)
    xml         any           records in XML                (b: metapub lives by it)
    any other   any           as if there were none         (b)
"""

from queries.mirror import answers
from queries.mirror.abstract import abstracts, summaries
from queries.mirror.answers import Response
from queries.mirror.faults import handed_out
from queries.mirror.medline import medline
from queries.mirror.nlm_record import NlmRecord
from queries.mirror.parameters import ApiError, Parameters, as_pmid, check_database, ids, in_json, one
from queries.mirror.service import Moment, Service
from queries.mirror.summary import summaries_2, summaries_json, summaries_xml

_MOST_JSON = 500
_FORMS = {"uilist", "medline", "abstract", "docsum"}


def efetch(service: Service, params: Parameters, moment: Moment) -> Response:
    """EFetch; an unknown PMID is left out."""
    check_database(params, "db")
    mode, form = one(params, "retmode").lower(), one(params, "rettype").lower()
    in_xml = mode != "text" or form == "xml"
    form = form if form in _FORMS else ""
    docs = moment.view.of(handed_out(moment.fault, service.asked(params, moment)))
    pmids = [int(pmid) for pmid in service.corpus.pmids[docs]]
    if form == "uilist" and mode == "xml":
        return answers.id_list(pmids)
    if form == "uilist" or (not form and not in_xml):
        return Response("".join(f"{pmid}\n" for pmid in pmids).encode(), answers.TEXT)
    raw = service.corpus.raw(docs)
    if form == "medline" and mode != "xml":
        return Response("".join(medline(NlmRecord(each)) for each in raw).encode(), answers.TEXT)
    if form == "docsum" and in_xml:
        return summaries_xml(pmids, dict(zip(pmids, map(NlmRecord, raw), strict=True)))
    if not in_xml:
        written = abstracts if form == "abstract" else summaries
        return Response(written([NlmRecord(each) for each in raw]).encode(), answers.TEXT)
    return answers.articles(raw, 2026 if moment.fault and moment.fault.kind == "dtd260101" else service.dtd)


def esummary(service: Service, params: Parameters, moment: Moment) -> Response:
    """ESummary: versions 1 and 2.0 in XML, 0.3 in JSON."""
    check_database(params, "db")
    written = [text for group in ids(params) for text in group]
    if not written and not one(params, "query_key"):
        raise ApiError("Empty id list - nothing todo")
    for place, text in enumerate(written):
        if as_pmid(text) is None:
            return answers.invalid_id(text[:100], place, in_json=in_json(params))
    pmids = service.asked(params, moment)
    if in_json(params) and len(pmids) > _MOST_JSON:
        raise ApiError(
            f"Too many UIDs in request. Maximum number of UIDs is {_MOST_JSON} for JSON format output."
        )
    docs = moment.view.of(pmids)
    records = dict(
        zip(map(int, service.corpus.pmids[docs]), map(NlmRecord, service.corpus.raw(docs)), strict=True)
    )
    if in_json(params):
        return summaries_json(pmids, records)
    if one(params, "version").startswith("2"):
        return summaries_2(pmids, records, f"Build-{moment.local:%Y.%m.%d.%H.%M}")
    return summaries_xml(pmids, records)
