"""What goes out is right by the RFCs, whatever people are called and whatever a kind writes."""

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from accounts.mail import kinds, letters, links
from accounts.mail.kinds import Kind, Letter
from accounts.mail.models import Message
from accounts.models import User

from .conftest import TEA, owed, write

pytestmark = pytest.mark.usefixtures("registry")

HTML = """<!doctype html><html><head><style>.x { color: #231f1b; }</style>
<style data-css-inline="keep">@media (prefers-color-scheme: dark) { .x { color: #fff } }</style></head>
<body><p class="x">Grüße, <a href="http://localhost:8000/r/1/">write</a></p></body></html>"""


def letter(**changes: object) -> Letter:
    values: dict[str, object] = {
        "subject": "Tea",
        "text": "Tea.",
        "html": "<p>Tea.</p>",
        "from_name": "Harbor",
    }
    return Letter(**(values | changes))  # type: ignore[arg-type]


def parsed(message: Message, made: Letter | None = None) -> EmailMessage:
    if made is not None:
        kinds._kinds.clear()
        kinds.register(Kind(message.kind, TEA, "A note", lambda _: made))
    raw = letters.post(message).content
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


@pytest.mark.django_db
def test_a_letter_carries_the_headers_of_a_mail_that_can_be_stopped(outsider: User) -> None:
    message = owed(outsider, 12)
    mail = parsed(message)
    assert mail["From"] == "Harbor Mentors <reflect@localhost>"
    assert mail["To"] == outsider.email
    assert mail["Subject"] == "The tea is ready"
    assert mail["Message-ID"] == f"<{message.message_id}>"
    assert mail["In-Reply-To"] == mail["References"] != mail["Message-ID"]
    assert mail["List-Id"] == "Harbor Mentors <tea.harbor.localhost>"
    assert mail["List-Unsubscribe"].startswith("<http://localhost:8000/mail/stop/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert mail["Reply-To"] is None
    assert "mailto:" not in mail["List-Unsubscribe"]
    assert mail["Date"] is not None
    assert mail["MIME-Version"] == "1.0"
    assert len(set(mail.keys())) == len(mail.keys())


@pytest.mark.django_db
def test_a_letter_has_a_plain_part_and_then_the_same_in_html(outsider: User) -> None:
    mail = parsed(owed(outsider), letter(text="Grüße,\nOtto", html=HTML))
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content().splitlines() == ["Grüße,", "Otto"]
    assert html.get_content_type() == "text/html"
    assert 'style="color: #231f1b;' in html.get_content()
    assert "prefers-color-scheme" in html.get_content()
    assert "Grüße" in html.get_content()


@pytest.mark.django_db
def test_one_thread_has_one_root_whatever_kind_its_letters_are(outsider: User) -> None:
    first, second = owed(outsider, 1), owed(outsider, 2)
    one = parsed(first, letter(thread="reflection/5/1"))
    assert parsed(second, letter(thread="reflection/5/1"))["References"] == one["References"]
    assert parsed(second, letter(thread="reflection/6/1"))["References"] != one["References"]
    assert parsed(second, letter())["References"] is None


@pytest.mark.django_db
def test_a_kind_without_a_stream_cannot_be_stopped(outsider: User) -> None:
    message = owed(outsider)
    kinds._kinds.clear()
    kinds.register(Kind("tea_note", None, "A receipt", write))
    mail = parsed(message)
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert message.stop_url == ""
    assert letters.post(message).stop_token == ""


@pytest.mark.django_db
def test_the_text_and_the_header_lead_to_the_same_page(outsider: User) -> None:
    message = owed(outsider)
    made = letters.compose(message, stop_token="abc")
    assert made.extra_headers["List-Unsubscribe"] == "<http://localhost:8000/mail/stop/abc/>"
    assert "http://localhost:8000/mail/stop/abc/" in str(made.body)


@pytest.mark.django_db
def test_a_letter_is_written_in_its_persons_language_and_zone(outsider: User) -> None:
    User.objects.update(language="de", time_zone="Asia/Tokyo")
    seen: list[str] = []

    def note(message: Message) -> Letter:
        seen.append(f"{translation.get_language()} {timezone.get_current_timezone_name()}")
        return letter()

    message = owed(outsider)
    kinds._kinds.clear()
    kinds.register(Kind("tea_note", TEA, "A note", note))
    letters.post(message)
    User.objects.update(language="tlh", time_zone="")
    letters.post(Message.objects.get())
    assert seen == ["de Asia/Tokyo", "en-us UTC"]
    assert translation.get_language() == "en-us"


@pytest.mark.django_db
def test_links_carry_our_own_address_whatever_happens(outsider: User, settings: object) -> None:
    settings.PUBLIC_BASE_URL = "https://best.example"  # type: ignore[attr-defined]
    assert links.absolute("mail:stop", "abc") == "https://best.example/mail/stop/abc/"
    assert "https://best.example/mail/stop/" in letters.compose(owed(outsider)).message().as_string()


@pytest.mark.django_db
@effort(max_examples=40)
@given(words=st.text(max_size=300))
def test_no_words_can_begin_a_header_of_their_own(words: str) -> None:
    hostile = f"{words}\r\nBcc: all@elsewhere.example\n\nX: {words}\0"
    message = Message(kind="tea_note", message_id="1@localhost", person=User(email="otto@elsewhere.example"))
    made = letter(
        subject=hostile, from_name=hostile, text=hostile, html=hostile, list_id="tea", list_name=hostile,
        headers={"X-Words": hostile},
    )  # fmt: skip
    mail = parsed(message, made)
    assert mail["Bcc"] is None
    assert mail["X"] is None
    assert str(mail["From"].addresses[0].addr_spec) == "reflect@localhost"
    assert len(mail["From"].addresses) == 1
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["Zoë Ångström", "O'Neil, Ed", 'Ann "Tea" Lee', "李雷", "a" * 500, "", "Evil <x@y.example>"]
)
def test_any_name_may_send(outsider: User, name: str) -> None:
    sender = parsed(owed(outsider), letter(from_name=name, list_id="tea"))["From"].addresses
    assert [address.addr_spec for address in sender] == ["reflect@localhost"]
    assert sender[0].display_name == name[:78]


@pytest.mark.django_db
def test_a_domain_of_other_letters_is_written_in_ascii_and_a_hopeless_address_refused(outsider: User) -> None:
    message = owed(outsider)
    message.person.email = "otto@bücher.example"
    assert letters.post(message).recipient == "otto@xn--bcher-kva.example"
    for address in ("ö@elsewhere.example", "otto", "a b@elsewhere.example", "x@y>\r\nDATA"):
        message.person.email = address
        with pytest.raises(ValueError, match=r"."):
            letters.post(message)


@pytest.mark.django_db
def test_the_same_message_is_the_same_mail_when_it_is_made_again(outsider: User) -> None:
    message = owed(outsider)
    first, second = (letters.compose(message, stop_token="abc").message() for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Subject"] == second["Subject"]


@pytest.mark.django_db
def test_a_rehearsed_letter_bears_the_rehearsed_date(outsider: User, settings: object) -> None:
    settings.REHEARSAL_OFFSET = datetime(2036, 7, 1, tzinfo=UTC) - timezone.now()  # type: ignore[attr-defined]
    assert parsed(owed(outsider))["Date"].datetime.year == 2036
