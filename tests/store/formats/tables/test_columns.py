"""The header rows of tables from known programs, and the field of a paper into which each column is read."""

from __future__ import annotations

import csv

import pytest

from store.formats.tables import columns, header

# For each program: its header row, and for each field the columns with its value, of which the first is preferred.
HEADERS: dict[str, tuple[str, dict[str, str]]] = {
    "SpringerLink": (
        "Item Title,Publication Title,Book Series Title,Journal Volume,Journal Issue,Item DOI,Authors,Publication Year,"
        "URL,Content Type",
        {
            "title": "Item Title",
            "venue": "Publication Title|Book Series Title",
            "volume": "Journal Volume",
            "issue": "Journal Issue",
            "doi": "Item DOI",
            "authors": "Authors",
            "year": "Publication Year",
            "page": "URL",
            "kind": "Content Type",
        },
    ),
    "Scopus": (
        "Authors,Author full names,Author(s) ID,Title,Year,Source title,Volume,Issue,Art. No.,Page start,Page end,"
        "Page count,Cited by,DOI,Link,Affiliations,Authors with affiliations,Abstract,Author Keywords,Index Keywords,"
        "Funding Details,Funding Texts,References,Correspondence Address,Editors,Publisher,Sponsors,Conference name,"
        "Conference date,Conference location,Conference code,ISSN,ISBN,CODEN,PubMed ID,Language of Original Document,"
        "Abbreviated Source Title,Document Type,Publication Stage,Open Access,Source,EID",
        {
            "title": "Title",
            "authors": "Author full names|Authors",
            "venue": "Source title|Conference name",
            "article_number": "Art. No.",
            "first_page": "Page start",
            "last_page": "Page end",
            "doi": "DOI",
            "page": "Link",
            "abstract": "Abstract",
            "keywords": "Author Keywords",
            "kind": "Document Type",
        },
    ),
    "Scopus, 2021": (
        "Authors,Author(s) ID,Title,Year,Source title,Volume,Issue,Art. No.,Page start,Page end,Page count,Cited by,"
        "DOI,Link,Document Type,Publication Stage,Open Access,Source,EID",
        {"title": "Title", "authors": "Authors", "venue": "Source title", "kind": "Document Type"},
    ),
    "Web of Science, Excel": (
        "Publication Type,Authors,Book Authors,Book Editors,Author Full Names,Group Authors,Article Title,Source Title,"
        "Book Series Title,Language,Document Type,Conference Title,Author Keywords,Keywords Plus,Abstract,Addresses,"
        'Cited References,"Times Cited, WoS Core",Publisher,ISSN,eISSN,ISBN,Publication Date,Publication Year,Volume,'
        "Issue,Special Issue,Start Page,End Page,Article Number,DOI,DOI Link,Book DOI,Early Access Date,"
        "Number of Pages,WoS Categories,Research Areas,Pubmed Id,UT (Unique WOS ID)",
        {
            "title": "Article Title",
            "authors": "Author Full Names|Authors",
            "venue": "Source Title|Conference Title|Book Series Title",
            "published": "Publication Date",
            "online": "Early Access Date",
            "year": "Publication Year",
            "article_number": "Article Number",
            "doi": "DOI|DOI Link",
        },
    ),
    "Web of Science, tab-delimited": (
        "PT\tAU\tBA\tBE\tGP\tAF\tBF\tCA\tTI\tSO\tSE\tLA\tDT\tDE\tID\tAB\tC1\tPD\tPY\tVL\tIS\tBP\tEP\tAR\tDI\tUT",
        {
            "title": "TI",
            "authors": "AF|AU",
            "venue": "SO|SE",
            "abstract": "AB",
            "published": "PD",
            "year": "PY",
            "volume": "VL",
            "issue": "IS",
            "first_page": "BP",
            "last_page": "EP",
            "article_number": "AR",
            "doi": "DI",
        },
    ),
    "Embase": (
        "Title,Original Title,Author Names,Author Addresses,Correspondence Address,Editors,AiP/IP Entry Date,"
        "Full Record Entry Date,Source,Source title,Publication Year,Volume,Issue,First Page,Last Page,"
        "Date of Publication,Publication Type,Conference Name,ISSN,ISBN,Book Publisher,Abstract,Original Abstract,"
        "Author Keywords,Embase Classification,Medline PMID,PUI,DOI,Full Text Link,Embase Link,Open URL Link,Copyright",
        {
            "title": "Title",
            "authors": "Author Names",
            "venue": "Source title|Conference Name",
            "published": "Date of Publication",
            "year": "Publication Year",
            "first_page": "First Page",
            "last_page": "Last Page",
            "abstract": "Abstract",
            "page": "Embase Link",
            "kind": "Publication Type",
        },
    ),
    "IEEE Xplore": (
        '"Document Title",Authors,"Author Affiliations","Publication Title",Date Added To Xplore,"Publication Year",'
        '"Volume","Issue","Start Page","End Page","Abstract","ISSN",ISBNs,"DOI",Funding Information,PDF Link,'
        '"Author Keywords","IEEE Terms","Mesh_Terms",Article Citation Count,"License",Online Date,Issue Date,'
        '"Meeting Date","Publisher",Document Identifier',
        {
            "title": "Document Title",
            "authors": "Authors",
            "venue": "Publication Title",
            "year": "Publication Year",
            "published": "Issue Date",
            "online": "Online Date",
            "pdf": "PDF Link",
            "abstract": "Abstract",
        },
    ),
    "ACM": (
        '"type","id","author","editor","advisor","note","title","pages","article_no","num_pages","keywords","doi",'
        '"journal","issue_date","volume","issue_no","description","month","year","issn","booktitle","acronym",'
        '"edition","isbn","conf_loc","publisher","publisher_loc"',
        {
            "title": "title",
            "authors": "author",
            "venue": "journal|booktitle",
            "article_number": "article_no",
            "issue": "issue_no",
            "published": "issue_date",
            "month": "month",
            "year": "year",
            "kind": "type",
        },
    ),
    "ScienceDirect": (
        "Title,Authors,Publication Title,Volume,Issue,Pages,Publication Date,ISSN,DOI,URL,Abstract,Keywords",
        {"title": "Title", "venue": "Publication Title", "published": "Publication Date", "pages": "Pages"},
    ),
    "Dimensions": (
        "Rank,Publication ID,DOI,PMID,PMCID,Title,Abstract,Source title,Anthology title,MeSH terms,Publication Date,"
        "PubYear,Volume,Issue,Pagination,Open Access,Publication Type,Authors,Times cited,Dimensions URL",
        {
            "title": "Title",
            "venue": "Source title|Anthology title",
            "published": "Publication Date",
            "year": "PubYear",
            "pages": "Pagination",
            "authors": "Authors",
            "page": "Dimensions URL",
        },
    ),
    "Lens": (
        "Lens ID,Title,Date Published,Publication Year,Publication Type,Source Title,ISSNs,Publisher,Source Country,"
        "Author/s,Abstract,Volume,Issue Number,Start Page,End Page,Fields of Study,Keywords,MeSH Terms,Source URLs,"
        "External URL,PMID,DOI,Citing Works Count,Is Open Access",
        {
            "title": "Title",
            "authors": "Author/s",
            "published": "Date Published",
            "venue": "Source Title",
            "issue": "Issue Number",
            "page": "Source URLs|External URL",
        },
    ),
    "PubMed": (
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI",
        {"title": "Title", "authors": "Authors", "venue": "Journal/Book", "year": "Publication Year", "doi": "DOI"},
    ),
    "Publish or Perish": (
        "Cites,Authors,Title,Year,Source,Publisher,ArticleURL,CitesURL,GSRank,QueryDate,Type,DOI,ISSN,CitationURL,"
        "Volume,Issue,StartPage,EndPage,ECC,CitesPerYear,CitesPerAuthor,AuthorCount,Age,Abstract,FullTextURL,RelatedURL",
        {
            "title": "Title",
            "venue": "Source",
            "page": "ArticleURL",
            "first_page": "StartPage",
            "author_count": "AuthorCount",
            "pdf": "FullTextURL",
        },
    ),
    "Zotero": (
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISBN","ISSN","DOI","Url",'
        '"Abstract Note","Date","Date Added","Pages","Num Pages","Issue","Volume","Journal Abbreviation","Short Title",'
        '"Series","Series Title","Publisher","Manual Tags","Automatic Tags","Conference Name","Proceedings Title"',
        {
            "title": "Title",
            "venue": "Publication Title|Proceedings Title|Conference Name|Series Title",
            "published": "Date",
            "abstract": "Abstract Note",
            "kind": "Item Type",
            "keywords": "Automatic Tags|Manual Tags",
        },
    ),
    "Mendeley": (
        "Title,Authors,Publication,Year,Volume,Issue,Pages,DOI,URL,Abstract,Tags",
        {"title": "Title", "authors": "Authors", "venue": "Publication", "keywords": "Tags"},
    ),
    "JabRef": (
        "Identifier,BibliographyType,ISBN,Identifier,Author,Title,Journal,Volume,Number,Month,Pages,Year,Address,Note,"
        "URL,Booktitle,Chapter,Edition,Series,Editor,Publisher,School",
        {
            "title": "Title",
            "authors": "Author",
            "venue": "Journal|Booktitle",
            "issue": "Number",
            "month": "Month",
            "kind": "BibliographyType",
        },
    ),
    "EBSCO": (
        '"Article Title","Author","Journal Title","ISSN","ISBN","Publication Date","Volume","Issue","First Page",'
        '"Page Count","Accession Number","DOI","Publisher","Doctype","Subjects","Keywords","Abstract","PLink"',
        {"title": "Article Title", "venue": "Journal Title", "page": "PLink", "kind": "Doctype"},
    ),
    "ProQuest": (
        "Title,Abstract,StoreId,ArticleType,Authors,documentType,issn,issue,pages,pubdate,pubtitle,volume,year,"
        "DocumentURL",
        {"title": "Title", "venue": "pubtitle", "published": "pubdate", "page": "DocumentURL"},
    ),
    "Rayyan": (
        "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,publisher,location,abstract,"
        "notes,doi,keywords",
        {"title": "title", "month": "month", "day": "day", "venue": "journal"},
    ),
    "Covidence": (
        "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,Accession Number,DOI,Ref,"
        "Covidence #,Study,Notes,Tags",
        {"title": "Title", "year": "Published Year", "month": "Published Month"},
    ),
    "Google Scholar": (
        "Authors,Title,Publication,Volume,Number,Pages,Year,Publisher",
        {"title": "Title", "venue": "Publication", "issue": "Number"},
    ),
    "RefWorks": (
        "Reference Type\tReference Id\tAuthors, Primary\tTitle Primary\tPeriodical Full\tPeriodical Abbrev\tPub Year\t"
        "Pub Month & Day\tVolume\tIssue\tStart Page\tOther Pages\tAbstract\tAuthors, Secondary\tTitle Secondary\t"
        "Title, Tertiary\tOriginal Foreign Title\tURL\tDOI\tPMID\tShortened Title",
        {
            "title": "Title Primary",
            "authors": "Authors, Primary",
            "venue": "Periodical Full|Title Secondary|Periodical Abbrev",
            "year": "Pub Year",
            "first_page": "Start Page",
            "last_page": "Other Pages",
        },
    ),
    "OpenAlex": (
        "id,doi,title,publication_year,publication_date,type,primary_location.source.display_name,biblio.volume,"
        "biblio.issue,biblio.first_page,biblio.last_page,authorships.author.display_name,abstract",
        {
            "volume": "biblio.volume",
            "issue": "biblio.issue",
            "first_page": "biblio.first_page",
            "last_page": "biblio.last_page",
            "venue": "primary_location.source.display_name",
        },
    ),
    "CNKI": (
        "SrcDatabase-来源库,Title-题名,Author-作者,Organ-单位,Source-文献来源,Keyword-关键词,Summary-摘要,PubTime-发表时间,"
        "Year-年,Volume-卷,Period-期,PageCount-页码,URL-网址,DOI-DOI",
        {
            "title": "Title-题名",
            "authors": "Author-作者",
            "venue": "Source-文献来源",
            "abstract": "Summary-摘要",
            "published": "PubTime-发表时间",
            "year": "Year-年",
            "pages": "PageCount-页码",
            "page": "URL-网址",
        },
    ),
    "Citavi": (
        'Kurztitel,"Autor, Herausgeber oder Institution",Titel,Untertitel,Jahr ermittelt,Zeitschrift/Zeitung,Band,Heft,'
        "Seiten von-bis,DOI-Name",
        {
            "title": "Titel",
            "subtitle": "Untertitel",
            "authors": "Autor, Herausgeber oder Institution",
            "year": "Jahr ermittelt",
            "venue": "Zeitschrift/Zeitung",
            "issue": "Heft",
            "doi": "DOI-Name",
        },
    ),
    "Paperpile": (
        "Item type,Labels filed in,Authors,Title,Full journal,Publication year,Volume,Issue,Page(s),DOI,Abstract",
        {"title": "Title", "venue": "Full journal", "pages": "Page(s)"},
    ),
    "Notion": ("Name,Authors,Year,Link,Status", {"title": "Name", "authors": "Authors", "page": "Link"}),
    "Notion, with arXiv ids": ("Name,arXiv,Status", {"title": "Name", "arxiv_id": "arXiv"}),
    "another title": (
        "Journal Title,Study Title (English),Short Title,Authors,DOI",
        {"title": "Study Title (English)", "venue": "Journal Title"},
    ),
    "a title that only the publication has": (
        "Publication Title,Authors,Year",
        {"title": "Publication Title", "authors": "Authors"},
    ),
}


@pytest.mark.parametrize("program", HEADERS)
def test_each_column_is_read_into_its_field(program: str) -> None:
    row, expected = HEADERS[program]
    (names,) = csv.reader([row], delimiter="\t" if "\t" in row else ",")
    fields = {field: "|".join(names[at] for at in places) for field, places in columns.columns(names).items()}
    assert {field: fields.get(field) for field in expected} == expected
    assert columns.certainty(columns.columns(names)) >= 0.7


@pytest.mark.parametrize("program", HEADERS)
def test_the_header_is_found_below_other_lines(program: str) -> None:
    row = HEADERS[program][0]
    above = ["sep=,\n", '"About the data: Exported on Jan 26, 2026. Criteria: lists"\n', "\n", "Results,2\n", "x\n"] * 3
    table_header = header.find([*above, f"{row}\n", "a,b,c\n"])
    assert table_header is not None
    assert (table_header.line, len(table_header.names)) == (
        len(above) + 1,
        row.count("\t") + 1 if "\t" in row else row.count(",") + 1 - row.count(", "),
    )


@pytest.mark.parametrize(
    "names",
    [
        ["Name", "Authors", "License"],
        ["Name", "Email", "Year"],
        ["Job Title", "Authors", "Year"],
        ["Journal Title", "Authors", "Year"],
        ["Original Title", "Authors"],
        ["Subtitle", "Authors"],
    ],
)
def test_columns_that_hold_no_titles_of_papers(names: list[str]) -> None:
    assert columns.columns(names) == {}


def test_a_name_in_the_header_may_contain_line_ends() -> None:
    table_header = header.find(['Title,"Times Cited,\n', 'All Databases",DOI\n', "A,1,10.1000/a\n"])
    assert table_header is not None
    assert (table_header.line, table_header.width) == (2, 3)
