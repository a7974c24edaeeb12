"""Thirty replies, written by us in the shapes that mail programs give theirs, in six languages.

Each is what was written, what is to be left out, and how the program lays both out. `ALL` has them by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

SENDER = "Harbor Mentors <reflect@harbor.example>"
TO = "Tomasz Zielinski <tomasz@harbor.example>"
ASKED = [
    "··· Your answer goes above this line ···",
    "",
    "What was your best stuff?",
    "",
    "Tomasz, the second quarter of 2026 ends on Tuesday, June 30.",
    "",
    "-- ",
    "You get this because you are in a pairing in Harbor Mentors.",
]
ASKED_IN_GERMAN = [
    "··· Deine Antwort gehört über diese Zeile ···",
    "",
    "Was war das Beste?",
    "",
    "-- ",
    "Du bekommst das, weil du bei Harbor Mentors in einem Paar bist.",
]


@dataclass(frozen=True)
class Sample:
    """`text` is to be found as what was written, to the letter, and `left_out` as the rest."""

    text: str
    left_out: str
    content: bytes


Build = Callable[[], Sample]
ALL: dict[str, Build] = {}


def sample(build: Build) -> Build:
    ALL[build.__name__] = build
    return build


def quoted(lines: list[str] = ASKED) -> str:
    return "\n".join(f"> {line}".rstrip() for line in lines)


def as_html(lines: list[str] = ASKED) -> str:
    return "<br>".join(line or "&nbsp;" for line in lines)


def email(plain: str = "", html: str = "", *, charset: str = "utf-8", flowed: bool = False) -> bytes:
    """With both parts where there are both."""
    made = EmailMessage()
    made["From"] = TO
    made["To"] = "post+r-abc@in.harbor.example"
    made["Subject"] = "Re: What was your best stuff this quarter?"
    made["Message-ID"] = "<sample@mail.example>"
    if plain:
        made.set_content(plain, charset=charset, cte="base64")
        if flowed:
            made.set_param("format", "flowed")
    if html and plain:
        made.add_alternative(html, subtype="html", charset=charset)
    elif html:
        made.set_content(html, subtype="html", charset=charset)
    return made.as_bytes()


def top(text: str, rest: str, *, html: str = "", flowed: bool = False, charset: str = "utf-8") -> Sample:
    """Written above what is answered."""
    return Sample(text, rest.strip(), email(f"{text}\n\n{rest}\n", html, flowed=flowed, charset=charset))


# --- Gmail ---------------------------------------------------------------------------------------------------------


@sample
def gmail_en() -> Sample:
    head = f"On Tue, 23 Jun 2026 at 07:30, {SENDER} wrote:"
    text = "Ayo found the mistake before I did.\n\nI only asked one question."
    html = (
        '<div dir="ltr"><div>Ayo found the mistake before I did.</div><div><br></div>'
        '<div>I only asked one question.</div></div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{head}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{as_html()}</blockquote></div>'
    )
    return top(text, f"{head}\n\n{quoted()}", html=html)


@sample
def gmail_en_broken_line() -> Sample:
    """The line above the quote is too long for one."""
    head = "On Tue, 23 Jun 2026 at 07:30, Harbor Mentors, Department of Long Names\n<reflect@harbor.example> wrote:"
    return top("We moved the date, and nobody shouted.", f"{head}\n\n{quoted()}")


@sample
def gmail_de() -> Sample:
    head = f"Am Di., 23. Juni 2026 um 07:30 Uhr schrieb {SENDER}:"
    return top("Ich habe zweimal gefragt und einmal zugehört.", f"{head}\n\n{quoted(ASKED_IN_GERMAN)}")


@sample
def gmail_es() -> Sample:
    head = "El mar, 23 jun 2026 a las 7:30, Harbor Mentors (<reflect@harbor.example>)\nescribió:"
    return top("La reunión del martes, cuando nadie tenía prisa.", f"{head}\n\n{quoted()}")


@sample
def gmail_fr() -> Sample:
    head = f"Le mar. 23 juin 2026 à 07:30, {SENDER} a\u00a0écrit\u00a0:"
    made = top("J’ai laissé parler Inès, et elle a trouvé.", f"{head}\n\n{quoted()}")
    return Sample(made.text, made.left_out.replace("\u00a0", " "), made.content)


@sample
def gmail_it() -> Sample:
    head = f"Il giorno mar 23 giu 2026 alle ore 07:30 {SENDER} ha scritto:"
    return top("Ho detto di no, con calma.", f"{head}\n\n{quoted()}")


@sample
def gmail_pt() -> Sample:
    head = f"Em ter., 23 de jun. de 2026 às 07:30, {SENDER}\nescreveu:"
    return top("A pergunta da Inês mudou o plano todo.", f"{head}\n\n{quoted()}")


@sample
def gmail_html_only() -> Sample:
    head = "On Tue, 23 Jun 2026 at 07:30, Harbor Mentors &lt;reflect@harbor.example&gt; wrote:"
    html = (
        '<div dir="ltr">One line is <b>enough</b>, you said.</div><br><div class="gmail_quote">'
        f'<div dir="ltr" class="gmail_attr">{head}<br></div>'
        '<blockquote class="gmail_quote">Best stuff?</blockquote></div>'
    )
    left_out = f"> On Tue, 23 Jun 2026 at 07:30, {SENDER} wrote:\n> Best stuff?"
    return Sample("One line is enough, you said.", left_out, email(html=html))


# --- Outlook -------------------------------------------------------------------------------------------------------

RULE = "_" * 32


def outlook_head(labels: tuple[str, str, str, str], when: str) -> str:
    said = (SENDER, when, TO, "What was your best stuff this quarter?")
    return "\n".join(f"{label}: {value}" for label, value in zip(labels, said, strict=True))


@sample
def outlook_desktop_en() -> Sample:
    head = outlook_head(("From", "Sent", "To", "Subject"), "Tuesday, June 23, 2026 7:30 AM")
    return top("Ayo found it.\n\nI waited.", f"{head}\n\n" + "\n".join(ASKED))


@sample
def outlook_desktop_de() -> Sample:
    head = outlook_head(("Von", "Gesendet", "An", "Betreff"), "Dienstag, 23. Juni 2026 07:30")
    rest = f"{head}\n\n" + "\n".join(ASKED_IN_GERMAN)
    return top("Der Plan hielt, weil Ayo früh gefragt hat.", rest)


@sample
def outlook_desktop_de_signed() -> Sample:
    """A greeting and a name above what is answered."""
    head = outlook_head(("Von", "Gesendet", "An", "Betreff"), "Dienstag, 23. Juni 2026 07:30")
    rest = f"Viele Grüße\nTomasz Zielinski\n\n{head}\n\n" + "\n".join(ASKED_IN_GERMAN)
    return top("Wir haben die Übergabe geübt.", rest)


@sample
def outlook_desktop_es() -> Sample:
    head = outlook_head(("De", "Enviado el", "Para", "Asunto"), "martes, 23 de junio de 2026 7:30")
    return top("Pedí ayuda el martes y no el viernes.", f"{head}\n\n" + "\n".join(ASKED))


@sample
def outlook_desktop_fr() -> Sample:
    head = outlook_head(("De ", "Envoyé ", "À ", "Objet "), "mardi 23 juin 2026 07:30")
    return top("Nous avons relu la lettre à deux.", f"{head}\n\n" + "\n".join(ASKED))


@sample
def outlook_desktop_it() -> Sample:
    head = outlook_head(("Da", "Inviato", "A", "Oggetto"), "martedì 23 giugno 2026 07:30")
    return top(
        "La prima pagina prima del resto.", f"-----Messaggio originale-----\n{head}\n\n" + "\n".join(ASKED)
    )


@sample
def outlook_desktop_pt() -> Sample:
    head = outlook_head(("De", "Enviada em", "Para", "Assunto"), "terça-feira, 23 de junho de 2026 07:30")
    return top("Fiquei dez minutos a mais.", f"{head}\n\n" + "\n".join(ASKED))


@sample
def outlook_web_en() -> Sample:
    head = outlook_head(("From", "Sent", "To", "Subject"), "Tuesday, June 23, 2026 7:30 AM")
    html = (
        '<html><head><style type="text/css">P {margin-top:0;}</style></head><body dir="ltr">'
        '<div class="elementToProof">She took the pen.</div><div id="appendonsend"></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
        "<b>From:</b> Harbor Mentors<br><b>Sent:</b> Tuesday<br><b>To:</b> Tomasz<br><b>Subject:</b> Best</div>"
        f"<div>{as_html()}</div></body></html>"
    )
    return top("She took the pen.", f"{RULE}\n{head}\n\n" + "\n".join(ASKED), html=html)


@sample
def outlook_web_html_only() -> Sample:
    html = (
        '<html><head><style type="text/css">P {margin-top:0;}</style></head><body dir="ltr">'
        '<div class="elementToProof">She took the pen.</div><div id="appendonsend"></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
        "<b>From:</b> Harbor Mentors<br><b>Sent:</b> Tuesday<br><b>To:</b> Tomasz<br><b>Subject:</b> Best</div>"
        "<div>Best stuff?</div></body></html>"
    )
    left_out = f"{RULE}\nFrom: Harbor Mentors\nSent: Tuesday\nTo: Tomasz\nSubject: Best\nBest stuff?"
    return Sample("She took the pen.", left_out, email(html=html))


@sample
def outlook_phone_en() -> Sample:
    head = outlook_head(("From", "Sent", "To", "Subject"), "Tuesday, June 23, 2026 7:30:12 AM")
    rest = f"Get Outlook for iOS<https://aka.ms/o0ukef>\n{RULE}\n{head}\n\n" + "\n".join(ASKED)
    return top("Waited for the second answer.", rest)


# --- Apple ---------------------------------------------------------------------------------------------------------


@sample
def apple_mail_en() -> Sample:
    head = f"On 23 Jun 2026, at 07:30, {SENDER} wrote:"
    return top("The handover held.", f"> {head}\n> \n{quoted()}".replace("> \n", ">\n"))


@sample
def apple_mail_flowed() -> Sample:
    """Lines that go on in the next one, by the space at their ends."""
    body = (
        "I sat through a long call and said one useful \n"
        "thing, near the end.\n"
        "\n"
        "On 23 Jun 2026, at 07:30, Harbor Mentors wrote:\n"
        "\n"
        "> What was your best \n"
        "> stuff?\n"
    )
    text = "I sat through a long call and said one useful thing, near the end."
    left_out = "On 23 Jun 2026, at 07:30, Harbor Mentors wrote:\n> What was your best stuff?"
    return Sample(text, left_out, email(body, flowed=True))


@sample
def apple_mail_de() -> Sample:
    head = f"Am 23.06.2026 um 07:30 schrieb {SENDER}:"
    return top("Erst fragen, dann rechnen.", f"{head}\n\n{quoted(ASKED_IN_GERMAN)}")


@sample
def apple_mail_fr() -> Sample:
    head = f"Le 23 juin 2026 à 07:30, {SENDER} a écrit :"
    return top("Une heure de silence, puis la bonne phrase.", f"{head}\n\n{quoted()}")


@sample
def iphone_en() -> Sample:
    rest = f"Sent from my iPhone\n\n> On 23 Jun 2026, at 07:30, {SENDER} wrote:\n>\n{quoted()}"
    return top("Helped Ines practice the talk", rest)


@sample
def iphone_de() -> Sample:
    rest = f"Von meinem iPhone gesendet\n\n> Am 23.06.2026 um 07:30 schrieb {SENDER}:\n>\n{quoted(ASKED_IN_GERMAN)}"
    return top("Mit Ines geübt", rest)


# --- Thunderbird and others ----------------------------------------------------------------------------------------


@sample
def thunderbird_below() -> Sample:
    """Written below what is answered, as some have always done."""
    text = "I went for a walk with somebody."
    body = f"On 23/06/2026 07:30, Harbor Mentors wrote:\n{quoted()}\n\n{text}\n\n-- \nTomasz\n"
    return Sample(text, f"On 23/06/2026 07:30, Harbor Mentors wrote:\n{quoted()}\n-- \nTomasz", email(body))


@sample
def thunderbird_between() -> Sample:
    """Written between the lines."""
    body = (
        "Am 23.06.26 um 07:30 schrieb Harbor Mentors:\n> Was war das Beste?\n\nDie Karte.\n\n"
        "> Und wer war dabei?\n\nAyo und Ines.\n"
    )
    left_out = "Am 23.06.26 um 07:30 schrieb Harbor Mentors:\n> Was war das Beste?\n> Und wer war dabei?"
    return Sample("Die Karte.\n\nAyo und Ines.", left_out, email(body))


@sample
def thunderbird_it_html() -> Sample:
    html = (
        "<html><body><p>Ho chiesto aiuto.</p><div class='moz-signature'>-- <br>Tomasz</div>"
        "<div class='moz-cite-prefix'>Il 23/06/26 07:30, Harbor Mentors ha scritto:<br></div>"
        "<blockquote type='cite' cite='mid:x'>Best stuff?</blockquote></body></html>"
    )
    left_out = "--\nTomasz\nIl 23/06/26 07:30, Harbor Mentors ha scritto:\n> Best stuff?"
    return Sample("Ho chiesto aiuto.", left_out, email(html=html))


@sample
def android_samsung_de() -> Sample:
    rest = (
        "Von meinem Galaxy gesendet\n\n-------- Ursprüngliche Nachricht --------\n"
        "Von: Harbor Mentors <reflect@harbor.example>\nDatum: 23.06.26 07:30 (GMT+01:00)\n"
        "An: tomasz@harbor.example\nBetreff: Was war das Beste?\n\nWas war das Beste?"
    )
    return top("Zugehört, bis zum Ende.", rest)


@sample
def android_gmail_list() -> Sample:
    """A list, kept whole, though each line begins as a signature may."""
    head = f"On Tue, 23 Jun 2026, 07:30 {SENDER} wrote:"
    text = "Three:\n- the map\n- Ayo, who waited\n-- no, four\n- thanks, said late"
    return top(text, f"{head}\n\n{quoted()}")


@sample
def old_charset_pt() -> Sample:
    head = "No dia 23/06/2026, às 07:30, Harbor Mentors escreveu:"
    return top("Não desisti à terça.", f"{head}\n{quoted(['Best stuff?'])}", charset="iso-8859-1")
