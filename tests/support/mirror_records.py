"""Invented PubMed records for the mirror's tests: each says only what its test is about."""

from pathlib import Path
from xml.sax.saxutils import escape

HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC'
    ' "-//NLM//DTD PubMedArticle, 1st January 2025//EN"'
    ' "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)


def record(  # noqa: PLR0913 - a record's fields
    pmid: int,
    title: str = "Untitled.",
    *,
    abstract: str = "",
    created: str = "2026-10-01 05:00",
    entered: str = "",
    indexed: str = "",
    revised: str = "2026-10-01",
    published: str = "<Year>2026</Year>",
    electronic: str = "",
    authors: tuple[tuple[str, str, str], ...] = (),
    mesh: str = "",
    keywords: tuple[str, ...] = (),
    types: tuple[tuple[str, str], ...] = (("D016428", "Journal Article"),),
    version: int = 1,
    status: str = "MEDLINE",
    language: str = "eng",
    doi: str = "",
    pmcid: str = "",
    trial: str = "",
    links: str = "",
    references: tuple[int, ...] = (),
    journal: str = "J Invent Hematol",
) -> str:
    """One PubmedArticle; `mesh` and `links` are XML, dates "YYYY-MM-DD HH:MM" in Eastern."""
    day = "<Year>{}</Year><Month>{}</Month><Day>{}</Day>"
    history = "".join(
        f'<PubMedPubDate PubStatus="{name}">{day.format(*moment[:10].split("-"))}'
        f"<Hour>{int(moment[11:13])}</Hour><Minute>{int(moment[14:16])}</Minute></PubMedPubDate>"
        for name, moment in (
            ("entrez", created),
            ("pubmed", entered or created),
            ("medline", indexed or created),
        )
        if moment
    )
    people = "".join(
        f'<Author ValidYN="Y"><LastName>{last}</LastName><ForeName>{fore}</ForeName>'
        f"<Initials>{initials}</Initials></Author>"
        for last, fore, initials in authors
    )
    cited = "".join(
        f'<Reference><Citation>x</Citation><ArticleIdList><ArticleId IdType="pubmed">{each}</ArticleId>'
        "</ArticleIdList></Reference>"
        for each in references
    )
    bank = (
        "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>"
        f"<AccessionNumber>{trial}</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
    )
    words = "".join(f'<Keyword MajorTopicYN="N">{escape(each)}</Keyword>' for each in keywords)
    kinds = "".join(f'<PublicationType UI="{ui}">{name}</PublicationType>' for ui, name in types)
    return "".join(
        (
            f'<PubmedArticle><MedlineCitation Status="{status}" Owner="NLM">',
            f'<PMID Version="{version}">{pmid}</PMID>',
            f"<DateRevised>{day.format(*revised.split('-'))}</DateRevised>" if revised else "",
            '<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Electronic">2999-0001</ISSN>',
            '<JournalIssue CitedMedium="Internet"><Volume>7</Volume><Issue>2</Issue>',
            f"<PubDate>{published}</PubDate></JournalIssue><Title>Journal of {journal}</Title>",
            f"<ISOAbbreviation>{journal}</ISOAbbreviation></Journal>",
            f"<ArticleTitle>{title}</ArticleTitle><Pagination><MedlinePgn>11-22</MedlinePgn></Pagination>",
            f'<ELocationID EIdType="doi" ValidYN="Y">{doi}</ELocationID>' if doi else "",
            f"<Abstract><AbstractText>{escape(abstract)}</AbstractText></Abstract>" if abstract else "",
            f"<AuthorList>{people}</AuthorList>" if people else "",
            f"<Language>{language}</Language>{bank if trial else ''}",
            f"<PublicationTypeList>{kinds}</PublicationTypeList>",
            f'<ArticleDate DateType="Electronic">{day.format(*electronic.split("-"))}</ArticleDate>'
            if electronic
            else "",
            f"</Article><MedlineJournalInfo><Country>Atlantis</Country><MedlineTA>{journal}</MedlineTA>",
            "<NlmUniqueID>9999001</NlmUniqueID></MedlineJournalInfo>",
            f"<CommentsCorrectionsList>{links}</CommentsCorrectionsList>" if links else "",
            f"<MeshHeadingList>{mesh}</MeshHeadingList>" if mesh else "",
            f'<KeywordList Owner="NOTNLM">{words}</KeywordList>' if words else "",
            f"</MedlineCitation><PubmedData><History>{history}</History>",
            "<PublicationStatus>ppublish</PublicationStatus><ArticleIdList>",
            f'<ArticleId IdType="pubmed">{pmid}</ArticleId>',
            f'<ArticleId IdType="doi">{doi}</ArticleId>' if doi else "",
            f'<ArticleId IdType="pmc">{pmcid}</ArticleId>' if pmcid else "",
            f"</ArticleIdList><ReferenceList>{cited}</ReferenceList></PubmedData></PubmedArticle>",
        )
    )


def heading(name: str, *qualifiers: str, ui: str = "", major: bool = False) -> str:
    """One MeshHeading; a qualifier beginning with * is a major one."""
    below = "".join(
        f'<QualifierName UI="Q0" MajorTopicYN="{"NY"[each[0] == "*"]}">{each.lstrip("*")}</QualifierName>'
        for each in qualifiers
    )
    descriptor = f'<DescriptorName UI="{ui}" MajorTopicYN="{"NY"[major]}">{name}</DescriptorName>'
    return f"<MeshHeading>{descriptor}{below}</MeshHeading>"


def write(file: Path, *records: str, deleted: tuple[int, ...] = ()) -> Path:
    """A PubmedArticleSet in `file`; return its folder."""
    gone = "".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in deleted)
    tail = f"<DeleteCitation>{gone}</DeleteCitation>\n" if gone else ""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEAD + "\n".join(records) + "\n" + tail + "</PubmedArticleSet>\n", encoding="utf-8")
    return file.parent
