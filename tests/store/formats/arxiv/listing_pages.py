"""Listing pages of arXiv with generated papers, in the layouts of its templates."""

from __future__ import annotations

HEAD = '<!DOCTYPE html>\n<html lang="en"><head><title>Computation and Language  </title></head><body>\n'
FOOT = "</body></html>\n"


def item(number: int, arxiv_id: str, title: str, *, notes: str = "", authors: str = "", rest: str = "") -> str:
    """The HTML of one paper in arXiv's template for lists. `rest` follows the authors."""
    authors = authors or '<a href="https://arxiv.org/search/cs?query=Alpha,+A" rel="nofollow">Ada Alpha</a>'
    return f"""
    <dt>
      <a name='item{number}'>[{number}]</a>
      <a href ="/abs/{arxiv_id}" title="Abstract" id="{arxiv_id}">
        arXiv:{arxiv_id}
      </a>
      {notes}
        [<a href="/pdf/{arxiv_id}" title="Download PDF">pdf</a>, <a href="/format/{arxiv_id}">other</a>]
    </dt>
    <dd>
      <div class='meta'>
        <div class='list-title mathjax'><span class='descriptor'>Title:</span>
          {title}
        </div>
        <div class='list-authors'>{authors}</div>
        {rest}
        <div class='list-subjects'><span class='descriptor'>Subjects:</span>
          <span class="primary-subject">Computation and Language (cs.CL)</span>; Machine Learning (cs.LG)
        </div>
      </div>
    </dd>"""


def listed(heading: str, *items: str) -> str:
    """The HTML of a heading and a list of papers below it."""
    return f"<dl id='articles'>\n<h3>{heading}</h3>{''.join(items)}\n</dl>\n"


RECENT = (
    HEAD
    + "<h1>Computation and Language</h1><h2>Authors and titles for recent submissions</h2><ul><li>"
    + '<a href="/list/cs.CL/recent?skip=0&amp;show=50" rel="nofollow">Mon, 26 Jan 2026</a></li></ul>\n'
    + "<div class='paging'>Total of 93 entries : <span>1-3</span> <a href=/list/cs.CL/recent?skip=3>4-6</a></div>\n"
    + listed(
        "Mon, 26 Jan 2026 (showing 2 of 2 entries )",
        item(1, "2601.20007", "Reading Lists at Scale"),
        item(2, "2601.20008", "Ranking Without Clicks", notes="(cross-list from cs.IR)"),
    )
    + listed("Fri, 23 Jan 2026 (showing first 1 of 91 entries )", item(3, "hep-th/0601001", "An Old One"))
    + FOOT
)

RESULTS = (
    HEAD.replace("Computation and Language", "Search | arXiv e-print repository")
    + """<ol class="breathe-horizontal" start="1">
  <li class="arxiv-result">
    <div class="is-marginless">
      <p class="list-title is-inline-block"><a href="https://arxiv.org/abs/2310.06825">arXiv:2310.06825</a>
        <span>&nbsp;[<a href="https://arxiv.org/pdf/2310.06825">pdf</a>, <a href="#">other</a>]&nbsp;</span>
      </p>
      <div class="tags is-inline-block">
        <span class="tag is-small is-link tooltip" data-tooltip="Computation and Language">cs.CL</span>
        <span class="tag is-small is-grey tooltip" data-tooltip="Machine Learning">cs.LG</span>
      </div>
      <div class="is-inline-block"><div class="tags has-addons"><span class="tag is-dark is-size-7">doi</span>
        <span class="tag is-light is-size-7"><a class="" href="https://doi.org/10.1000/res.1">10.1000/res.1</a></span>
      </div></div>
    </div>
    <p class="title is-5 mathjax">
      A <span class="search-hit mathjax">Wind</span> of $10^3$ Lists
    </p>
    <p class="authors">
      <span class="has-text-black-bis has-text-weight-semibold">Authors:</span>
      <a href="/search/?searchtype=author">Ada Alpha</a>,
      <a href="/search/?searchtype=author">Bert Beta</a>
    </p>
    <p class="abstract mathjax">
      <span class="search-hit">Abstract</span>:
      <span class="abstract-short has-text-grey-dark mathjax" style="display: inline;">
        &hellip;short of it. <a class="is-size-7">&#9661; More</a>
      </span>
      <span class="abstract-full has-text-grey-dark mathjax" style="display: none;">
        The whole of it. It is longer.
        <a class="is-size-7">&#9651; Less</a>
      </span>
    </p>
    <p class="is-size-7"><span class="has-text-black-bis">Submitted</span> 12 May, 2025;
      <span class="has-text-black-bis">v1</span> submitted 10 October, 2023;
      <span class="has-text-black-bis">originally announced</span> October 2023.
    </p>
    <p class="comments is-size-7"><span class="has-text-black-bis">Comments:</span>
      <span class="has-text-grey-dark mathjax">7 pages</span></p>
    <p class="comments is-size-7"><span class="has-text-black-bis">Journal ref:</span> J. Winds 3 (2024) 4</p>
  </li>
</ol>
"""
    + FOOT
)

COPIED_RESULTS = """Showing 1–2 of 2 results for all: wind
 1. arXiv:2310.06825  [pdf, other]
cs.CL cs.LG
doi 10.1000/res.1
A Wind of $10^3$ Lists
Authors: Ada Alpha, Bert Beta
Abstract: The whole of it. It is longer. △ Less
Submitted 12 May, 2025; v1 submitted 10 October, 2023; originally announced October 2023.
Comments: 7 pages
Journal ref: J. Winds 3 (2024) 4
 2. arXiv:hep-th/0601001v2  [pdf]  hep-th
An Old One
Authors: Cara Gamma
Abstract: It is old. … ▽ More
Submitted 2 January, 2006; originally announced January 2006.
"""
