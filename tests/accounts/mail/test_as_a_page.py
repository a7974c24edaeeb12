"""A letter as a page of ours: what it looks like it keeps, what could act it loses, and its policy names its sheets."""

import hashlib
import re
from base64 import b64encode

from accounts.mail.as_a_page import as_a_page
from tests.markup import Markup

LETTER = (
    "<!doctype html><html><head><title>A</title><style>@media print { p { color: red !important } }</style></head>"
    '<body style="margin: 0"><p class="soft" style="color: #111">One &amp; two &#8217;<br>style="three"</p>'
    '<p style="color: #111">Four</p><a href="https://x.example/?a=1&amp;b=2" style="color: &quot;x&quot;">Five</a>'
    '<p style="a: b } </style><script>">Six</p><!-- seven --></body></html>'
)


def sheets(page: str) -> list[str]:
    return re.findall(r"<style>(.*?)</style>", page, re.DOTALL)


def test_styles_go_into_sheets_that_the_policy_names() -> None:
    response = as_a_page(LETTER)
    page = response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    named = set(re.findall(r"'sha256-([^']+)'", policy))
    held = {b64encode(hashlib.sha256(sheet.encode()).digest()).decode() for sheet in sheets(page)}
    assert named == held
    assert len(held) == 2
    assert policy.endswith("sandbox allow-popups")
    assert not [element for element in Markup(page).elements if "style" in element.attributes]


def test_each_element_keeps_its_style_and_its_words() -> None:
    page = as_a_page(LETTER).content.decode()
    assert '<p class="soft styled-1">One &amp; two &#8217;<br>style="three"</p>' in page
    assert '<p class="styled-1">Four</p>' in page
    assert 'href="https://x.example/?a=1&amp;b=2" class="styled-2"' in page
    assert ".styled-0 { margin: 0 }\n.styled-1 { color: #111 }" in page
    assert page.index("styled-0 {") < page.index("</head>")


def test_what_could_leave_its_sheet_is_left_out() -> None:
    page = as_a_page(LETTER).content.decode()
    assert "script" not in page
    assert "<p>Six</p>" in page


def test_a_letter_without_styles_has_none() -> None:
    response = as_a_page("<p>One</p>")
    assert response.content == b"<p>One</p>"
    assert "style-src 'none'" in response["Content-Security-Policy"]
