"""What was written, of all that stands in an e-mail: to the letter, in the shapes that mail programs give it."""

import time
import unicodedata
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from accounts.mail.inbound import automatic, reading, stripping
from accounts.mail.inbound.automatic import Sign
from accounts.mail.inbound.reading import LONGEST_TEXT, MOST_BYTES, Problem, Written

from . import samples


def read(content: bytes) -> Written:
    return reading.read(reading.parse(content))


def html(source: str) -> Written:
    return read(samples.email(html=source))


@pytest.mark.parametrize("name", list(samples.ALL))
def test_a_reply_is_what_was_written_and_all_the_rest_is_left_out(name: str) -> None:
    sample = samples.ALL[name]()
    written = read(sample.content)

    assert written.text == sample.text
    assert _lines(written.left_out) == _lines(sample.left_out)
    assert written.problem is None
    assert automatic.sign_of(reading.parse(sample.content)) is None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_there_are_thirty_of_them() -> None:
    assert len(samples.ALL) >= 30


@pytest.mark.parametrize(
    "line",
    [
        "Thanks, that was good to think of.",
        "Best thing: we talked.",
        "From: nobody in particular, the idea came.",
        "On Tuesday she wrote: yes.",
        "- a list\n- of two",
        "Saludos a todos los que ayudaron, de verdad",
        "He wrote to me:\nthe plan is off.",
        "Sent from my garden, where the others were, and written on a knee that hurt all day long.\nAnd on.",
        "____\nA line that somebody drew.",
        "To: the team. Subject: rest.",
    ],
)
def test_what_only_looks_like_a_signature_or_a_quote_is_kept(line: str) -> None:
    body = f"We met.\n{line}\nAnd then we went home, all of us, by the last train."
    assert read(samples.email(body)).text == body


@pytest.mark.parametrize("language", ["en-us", "de"])
def test_nothing_below_our_own_line_is_kept_whatever_became_of_its_look(language: str) -> None:
    from django.utils import translation

    with translation.override(language):
        line = stripping.delimiter()
    for changed in (
        line,
        line.replace("···", "..."),
        f"*{line}*",
        line.upper(),
        f"  {line} ".replace(" ", "  "),
    ):
        written = read(samples.email(f"One.\n\n{changed}\n\nWhat was your best stuff?"))
        assert written.text == "One."
        assert "What was your best stuff?" in written.left_out


# --- Parts, and what cannot be read ---


def test_plain_text_comes_before_html_unless_it_is_empty() -> None:
    assert read(samples.email("plain", "<p>html</p>")).text == "plain"
    assert read(samples.email(" \n", "<p>html</p>")).text == "html"


def test_html_is_read_as_lines_without_what_is_not_shown() -> None:
    written = html(
        "<head><title>t</title><style>p{}</style></head><body><!-- x --><p>Two &amp; <b>three</b></p>"
        "<p>four<br>five</p><ul><li>six</li><li>seven</li></ul><script>alert(1)</script>"
        '<a title="a > b" href="x>y">eight</a> 1 < 2</body>'
    )
    assert written.text == "Two & three\n\nfour\nfive\n\n- six\n- seven\n\neight 1 < 2"


def test_files_are_left_alone_and_said() -> None:
    made = EmailMessage()
    made.set_content("Words.")
    made.add_attachment("a secret file", filename="a.txt")
    made.add_attachment(b"x" * 100, maintype="image", subtype="jpeg", filename="b.jpg")
    written = read(made.as_bytes())
    assert (written.text, written.had_files) == ("Words.", True)
    assert not read(samples.email("Words.", "<p>Words.</p>")).had_files


@pytest.mark.parametrize(
    "content",
    [
        b"Content-Type: multipart/encrypted; protocol=x; boundary=b\n\n--b\n\nVersion: 1\n--b--\n",
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIAG\n",
        b"Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n",
    ],
)
def test_what_is_encrypted_has_no_words(content: bytes) -> None:
    assert read(content).problem is Problem.ENCRYPTED


def test_what_is_only_signed_is_read() -> None:
    body = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWords.\n- - a list\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"
    )
    assert read(samples.email(body)).text == "Words.\n- a list"
    smime = (
        b"Content-Type: multipart/signed; protocol=x; boundary=b\n\n--b\nContent-Type: text/plain\n\nWords.\n"
        b"--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nMIAG\n--b--\n"
    )
    assert (read(smime).text, read(smime).had_files) == ("Words.", False)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"Subject: x\n\n> only a quote\n", b"--\n"])
def test_of_an_e_mail_without_words_that_is_said(content: bytes) -> None:
    assert read(content).problem is Problem.EMPTY


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "x-unknown", "hex", "idna", "utf-7", '"'])
def test_a_charset_that_is_wrong_keeps_nobody_from_being_read(charset: str) -> None:
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode()
    assert "ber den Rand" in read(head + "Über den Rand".encode()).text
    assert "ber den Rand" in read(head + "Über den Rand".encode("cp1252")).text


def test_controls_and_marks_that_turn_the_writing_go() -> None:
    assert read(samples.email("a\u202eb\x07c\u200b\u2066d")).text == "abcd"
    assert read(samples.email("👩\u200d🔬 fand es.")).text == "👩\u200d🔬 fand es."


def test_of_what_is_too_long_the_rest_is_left_out() -> None:
    written = read(samples.email("\n".join(["kittiwake " * 7] * 400)))
    assert len(written.text) <= LONGEST_TEXT
    assert written.text.endswith("kittiwake")
    assert written.left_out.startswith("kittiwake")


def test_of_what_is_too_big_the_headers_alone_are_read() -> None:
    content = b"From: a@b.example\nMessage-ID: <1@b>\n\n" + b"x" * MOST_BYTES
    email = reading.parse(content)
    assert email["From"] == "a@b.example"
    assert reading.read(email).problem is Problem.EMPTY


def test_a_message_id_that_would_break_a_header_is_none() -> None:
    assert reading.id_of(reading.parse(b"Message-ID: <a.b+c@mail.example>\n\n")) == "<a.b+c@mail.example>"
    for bad in (
        b"Message-ID: <a b@x>\n\n",
        b"Message-ID: x\n\n",
        b"\n\n",
        b"Message-ID: <" + b"a" * 500 + b"@x>\n\n",
    ):
        assert reading.id_of(reading.parse(bad)) == ""


# --- Whatever the bytes are ---


def is_clean(text: str) -> bool:
    return all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") for c in text)


HEADS = st.sampled_from(
    [
        b"",
        b"Content-Type: text/plain; charset=utf-8\n\n",
        b"Content-Type: text/html\n\n",
        b"Content-Type: text/plain; format=flowed; delsp=yes\n\n",
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-16\n\n",
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n",
        b"Content-Type: text/plain\nContent-Transfer-Encoding: x-uuencode\n\n",
        b"Content-Type: message/rfc822\n\n",
        b"Subject: \xff=?utf-8?b?x\nFrom: \xfe\nContent-Disposition: \xff\nMessage-ID: \xff\n\n",
    ]
)
PIECES = st.lists(
    st.sampled_from(
        [
            "<div class=gmail_quote>", "</div>", "<", ">", "<!--", "On 1 ", " wrote:", "\n", "> ", "-- ", '"', "&#x0;",
            "From: a\n", "From:", "--b\n", "é", "\x00", "\u202e", "<pre>", "<hr>", "_" * 32, "=?utf-8?q?a?=",
        ]
    ),
    max_size=60,
)  # fmt: skip


@effort(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HEADS, st.one_of(st.binary(max_size=400), PIECES.map(lambda each: "".join(each).encode())))
def test_reading_never_fails_and_what_it_finds_can_be_kept(head: bytes, body: bytes) -> None:
    email = reading.parse(head + body)
    written = reading.read(email)
    automatic.sign_of(email)
    reading.id_of(email)
    assert len(reading.print_of(email, body)) == 32
    for text in (written.text, written.left_out, written.subject):
        assert len(text) <= LONGEST_TEXT
        assert is_clean(text)
    assert (written.problem is None) == bool(written.text)


@effort(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_stripping_loses_no_word(text: str) -> None:
    text = reading.clean(text)
    stripped = stripping.strip(text)
    assert sorted("".join((stripped.text + stripped.left_out).split())) == sorted("".join(text.split()))


@pytest.mark.parametrize(
    "hostile",
    [
        "On " * 20_000,
        "On 1\n" * 12_000,
        "Von: \n" * 9_000,
        "-----\n" * 10_000,
        ("On 1 " + "x " * 100 + ":\n") * 280,
        "On 1 wrote\nFrom: x\n" * 3_000,
        "\n" * 60_000,
        "<" * 400_000,
        "<a" * 200_000,
        "<!--" * 100_000,
        "<b>a</b>" * 50_000,
        "<a href='" * 40_000,
        "<div>" * 80_000,
    ],
)
def test_nobody_keeps_us_busy(hostile: str) -> None:
    """Each of these kept some parser busy for minutes, or would. A loaded machine is given room."""
    began = time.process_time()
    read(samples.email(hostile))
    html(hostile)
    assert time.process_time() - began < 5


def test_headers_of_which_a_parser_would_never_tire_are_not_read() -> None:
    began = time.process_time()
    for content in (
        b"Content-Type: " + b";a" * 300_000,
        b"A: b\n" * 200_000,
        b"Content-Type: message/rfc822\n\n" * 30_000,
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(5_000)),
    ):
        email = reading.parse(content)
        assert reading.read(email).text == ""
        automatic.sign_of(email)
    assert time.process_time() - began < 10


# --- Machines ---


def machine(**headers: str) -> Sign | None:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return automatic.sign_of(reading.parse("\n".join([*lines, "", "I am away."]).encode()))


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: What was your best stuff this quarter?",
        "Out of office: Re: What was your best stuff",
        "Abwesenheitsnotiz: Was war das Beste?",
        "Automatische Antwort: Was war das Beste?",
        "Respuesta automática: best stuff",
        "Fuera de la oficina: best stuff",
        "Réponse automatique : best stuff",
        "Absence du bureau: best stuff",
        "Risposta automatica: best stuff",
        "Fuori sede: best stuff",
        "Resposta automática: best stuff",
        "Fora do escritório: best stuff",
        "Automatisch antwoord: best stuff",
        "Afwezigheidsbericht: best stuff",
        "Automatiskt svar: best stuff",
        "=?utf-8?q?R=C3=A9ponse_automatique?=: best stuff",
        "Undeliverable: best stuff",
        "Returned mail: see transcript for details",
        "OOO: best stuff",
        "[OOO] best stuff",
        "Out of office until June 30",
        "Out of the Office Re: best stuff",
        "On leave: best stuff",
        "Auto-Reply",
        "Automated response",
    ],
)
def test_out_of_office_is_known_by_its_subject_in_many_languages(subject: str) -> None:
    assert machine(Subject=subject) is Sign.OUT_OF_OFFICE


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Out of office",
        "AW: Abwesenheit",
        "What I did out of office hours",
        "Absent friends",
        "Ooo, look what Maria did",
        "On leave, and still thinking of it",
        "Absence: what I missed",
        "Away from the office today: a walk with Sam",
        "Automated response times halved",
        "Out of office hours, and well spent",
        "Returned mail",
        "",
    ],
)
def test_a_person_who_writes_about_it_is_no_machine(subject: str) -> None:
    assert machine(Subject=subject) is None


@pytest.mark.parametrize(
    ("headers", "sign"),
    [
        ({"Auto_Submitted": "auto-replied"}, Sign.AUTO_SUBMITTED),
        ({"Auto_Submitted": "auto-generated; owner-email=x"}, Sign.AUTO_SUBMITTED),
        ({"Auto_Submitted": "No"}, None),
        ({"Return_Path": "<>"}, Sign.NULL_PATH),
        ({"Return_Path": "<a@b.example>"}, None),
        ({"Precedence": "Bulk"}, Sign.PRECEDENCE),
        ({"Precedence": "auto_reply"}, Sign.PRECEDENCE),
        ({"Precedence": "first-class"}, None),
        ({"List_Unsubscribe": "<x>"}, Sign.LIST),
        ({"X_Autoreply": "yes"}, Sign.AUTOREPLY),
        ({"X_Auto_Response_Suppress": "All"}, None),
        ({"Content_Type": "multipart/report; report-type=delivery-status; boundary=b"}, Sign.REPORT),
        ({"Content_Type": "text/calendar; method=REPLY"}, Sign.CALENDAR),
        ({"From": "MAILER-DAEMON@mx.example"}, Sign.REPORT),
        ({"From": "Mail Delivery <postmaster@mx.example>"}, Sign.REPORT),
        ({"From": "Harbor Mentors <reflect@localhost>"}, Sign.OUR_OWN),
        ({"From": "reflect@localhost"}, Sign.OUR_OWN),
        ({"From": "not-reflect@localhost"}, None),
    ],
)
def test_a_machine_is_known_by_what_it_says_of_itself(headers: dict[str, str], sign: Sign | None) -> None:
    assert machine(**headers) is sign


def _nested(count: int, more: str) -> bytes:
    parts = "".join(
        f'Content-Type: multipart/mixed; boundary="b{number}"\n\n--b{number}\n' for number in range(count)
    )
    return ("From: noor@harbor.example\nSubject: x\n" + parts + more).encode()


def test_parts_within_parts_keep_nobody_busy_and_their_headers_are_read() -> None:
    began = time.process_time()
    for many in (
        _nested(900, "\na" * 480_000),
        b"Subject: x\n" + b"Content-Type:\r message/rfc822\n\n" * 400 + b"a\n" * 400_000,
    ):
        email = reading.parse(many)
        assert (email["Subject"], reading.read(email).problem) == ("x", Problem.EMPTY)
    assert time.process_time() - began < 2


def test_as_many_as_a_mail_program_makes_are_read() -> None:
    assert reading.read(reading.parse(_nested(20, "\nWhat I wrote.\n"))).text == "What I wrote."


def test_of_however_big_an_e_mail_the_headers_cost_nothing() -> None:
    began = time.process_time()
    for content in (_nested(900, "\na" * 6_000_000), b"To: a\n" + b"A: b\n" * 3_000_000, b"x" * 20_000_000):
        reading.headers_of(content)
    assert time.process_time() - began < 2
    assert reading.headers_of(_nested(900, "\n"))["From"] == "noor@harbor.example"
