"""What `make check` says of templates that no test renders."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from dev import templates


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(templates, "ROOT", tmp_path)
    (tmp_path / "templates" / "mentoring" / "emails").mkdir(parents=True)
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path / "templates"]}
    with override_settings(TEMPLATES=[engine]):
        yield tmp_path / "templates" / "mentoring" / "page.html"


@pytest.mark.parametrize(
    ("source", "trouble"),
    [
        ("{% if %}", "Unexpected end of expression"),
        ("{% load nothing_by_this_name %}", "is not a registered tag library"),
        (
            "{% load static %}<img src=\"{% static 'css/gone.css' %}\">",
            "there is no static file css/gone.css",
        ),
        ('<p>\n<b style="color: red">', "page.html:2: an inline style"),
        ("<style>b {}</style>", "an inline style"),
        ("<script>alert()</script>", "an inline script"),
        ('<button type="button" onclick="x()">', "an inline handler"),
        ('<a href="javascript:x()">', "a javascript: address"),
    ],
)
def test_what_would_fail_on_the_page_is_found(page: Path, source: str, trouble: str) -> None:
    page.write_text(source)
    [found] = templates.troubles()
    assert trouble in found


def test_a_page_without_trouble_and_an_email_with_styles_pass(page: Path) -> None:
    page.write_text(
        '{% load static %}<script src="{% static "css/best.css" %}" defer></script><p data-style="x">'
    )
    (page.parent / "emails" / "nudge.html").write_text('<p style="color: red">')
    assert list(templates.troubles()) == []


def test_all_templates_are_looked_at() -> None:
    names = {name for name, _ in templates.template_files()}
    assert "base.html" in names
    assert len(names) > 20
