"""Translations without gettext's programs: what is extracted, what is missed, what is compiled."""

import gettext
from pathlib import Path

import pytest

from dev import messages

TEMPLATE = """{% load i18n %}
<p title="{% translate "Keep it" context "a button" %}">{% translate "It's yours" %}</p>
  {# Translators: said once a quarter #}
{% blocktranslate trimmed with name=person.first_name %}
  Thank you,
  {{ name }}
{% endblocktranslate %}
{% blocktranslate count counter=n %}One moment{% plural %}{{ counter }} moments{% endblocktranslate %}
{% if _("Only me") == x %}def (broken: "quotes' and ]brackets{% endif %}
"""
CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
LABEL = _("A label")
BOTH = ngettext("%(n)d pair", "%(n)d pairs", 2), pgettext("month", "May")
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    (tmp_path / "templates").mkdir()
    (tmp_path / "mentoring").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "mentoring" / "code.py").write_text(CODE)
    (tmp_path / "mentoring" / "settings.py").write_text(
        'LANGUAGES = [("en-us", _("English")), ("pt-br", "P")]\n'
    )
    return tmp_path


def translate(tree: Path, *pairs: tuple[str, str]) -> Path:
    path = tree / "locale" / "pt_BR" / "LC_MESSAGES" / "django.po"
    text = path.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text)
    return path


def test_everything_that_is_to_be_translated_is_found(tree: Path) -> None:
    found = {(one.context, one.id) for one in messages.texts() if one.id}
    assert found == {
        ("a button", "Keep it"),
        (None, "It's yours"),
        (None, "Thank you, %(name)s"),
        (None, ("One moment", "%(counter)s moments")),
        (None, "Only me"),
        (None, "A label"),
        (None, ("%(n)d pair", "%(n)d pairs")),
        ("month", "May"),
        (None, "English"),
    }


def test_a_missing_translation_is_named(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert messages.check_all()
    messages.extract_all()
    assert messages.check_all() == 9
    assert "not translated: 'A label'" in capsys.readouterr().out
    translate(tree, ('msgid "A label"\nmsgstr ""', 'msgid "A label"\nmsgstr "Um rótulo"'))
    assert messages.check_all() == 8


def test_a_half_translated_plural_and_a_lost_placeholder_are_named(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    messages.extract_all()
    translate(
        tree,
        ('msgid_plural "%(n)d pairs"\nmsgstr[0] ""', 'msgid_plural "%(n)d pairs"\nmsgstr[0] "%(n)d par"'),
        ('msgid "Thank you, %(name)s"\nmsgstr ""', 'msgid "Thank you, %(name)s"\nmsgstr "Obrigada"'),
    )
    messages.check_all()
    said = capsys.readouterr().out
    assert "not translated: ('%(n)d pair'" in said
    assert "other placeholders: 'Thank you, %(name)s'" in said


def test_a_text_that_changed_loses_its_old_translation_and_extracting_twice_changes_nothing(
    tree: Path,
) -> None:
    messages.extract_all()
    path = translate(tree, ('msgid "A label"\nmsgstr ""', 'msgid "A label"\nmsgstr "Um rótulo"'))
    messages.extract_all()
    once = path.read_text()
    assert "Um rótulo" in once
    messages.extract_all()
    assert path.read_text() == once
    (tree / "mentoring" / "code.py").write_text(CODE.replace("A label", "Another label"))
    messages.extract_all()
    assert "Um rótulo" not in path.read_text()


def test_what_is_compiled_is_what_gettext_reads(tree: Path) -> None:
    messages.extract_all()
    translate(
        tree,
        ('msgid "A label"\nmsgstr ""', 'msgid "A label"\nmsgstr "Um rótulo"'),
        ('msgctxt "month"\nmsgid "May"\nmsgstr ""', 'msgctxt "month"\nmsgid "May"\nmsgstr "maio"'),
    )
    messages.compile_all()
    read = gettext.translation("django", tree / "locale", ["pt_BR"])
    assert read.gettext("A label") == "Um rótulo"
    assert read.pgettext("month", "May") == "maio"
    assert read.gettext("Only me") == "Only me"
