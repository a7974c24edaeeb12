"""What a column of a file can be, how it is called in our template, and what else people call it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring.models import EnrollmentQuestion, Import, Program

# Before the short name of one of the program's questions to those who ask for a place.
QUESTION = "question:"
MOST_QUESTIONS = 60


@dataclass(frozen=True)
class Field:
    """`also` are other headings for it, in English and German, in any case and with any signs between the letters."""

    code: str
    label: str | Promise
    also: tuple[str, ...] = ()
    example: str | Promise = ""
    is_required: bool = False


EXAMPLE_ADDRESS = "delete-this-row@example.com"
EXAMPLE_OTHER_ADDRESS = "delete-this-row-too@example.com"

EMAIL = Field(
    "email",
    _("E-mail address"),
    (
        "email",
        "mail",
        "e-mail address",
        "email adresse",
        "mailadresse",
        "adresse e-mail",
        "kontakt",
        "contact",
        "upn",
    ),
    EXAMPLE_ADDRESS,
    is_required=True,
)
ROLE = Field(
    "role",
    _("Role"),
    (
        "role",
        "rolle",
        "mentor or mentee",
        "mentor oder mentee",
        "teilnahme als",
        "takes part as",
        "als",
        "as",
    ),
    _("mentee"),
    is_required=True,
)
PERSONAL = (
    EMAIL,
    Field(
        "name",
        _("Name"),
        ("name", "full name", "person", "participant", "vollständiger name", "teilnehmer", "teilnehmerin",
         "vor- und nachname", "name, vorname", "mentor name", "mentee name", "anzeigename", "display name"),
        _("Example Person, delete this row"),
    ),
    Field("first_name", _("First name"), ("first name", "given name", "forename", "vorname", "rufname")),
    Field("last_name", _("Last name"), ("last name", "surname", "family name", "nachname", "familienname")),
    Field(
        "capacity",
        _("Room for (mentees at one time)"),
        ("capacity", "room for", "mentees at one time", "number of mentees", "max mentees", "kapazität", "plätze",
         "anzahl mentees", "platz für"),
        "2",
    ),
    Field(
        "department",
        _("Department"),
        ("department", "dept", "team", "unit", "division", "abteilung", "bereich", "fachbereich", "einheit"),
        _("Sales"),
    ),
    Field(
        "line_manager",
        _("E-mail of the line manager"),
        ("line manager", "manager", "manager email", "supervisor", "boss", "email of the line manager", "reports to",
         "vorgesetzte", "vorgesetzter", "vorgesetzte person", "führungskraft", "e-mail der führungskraft", "chef"),
        "manager@example.com",
    ),
    Field(
        "offers",
        _("Can help with"),
        ("offers", "offer", "skills", "can help with", "skills offered", "expertise", "strengths", "bietet",
         "bietet an", "kann helfen bei", "kompetenzen", "fähigkeiten", "stärken", "ich biete"),
        _("Negotiating; Writing"),
    ),
    Field(
        "seeks",
        _("Wants to learn"),
        ("seeks", "seek", "wants to learn", "skills sought", "interests", "goals", "looking for", "learning goals",
         "sucht", "will lernen", "möchte lernen", "lernziele", "interessen", "ich suche"),
        _("Public speaking"),
    ),
    Field(
        "joined_on",
        _("First day"),
        ("first day", "start", "start date", "joined", "joined on", "since", "erster tag", "startdatum", "beginn",
         "eintritt", "dabei seit"),
        "2030-01-31",
    ),
)  # fmt: skip
OF_A_PAIR = (
    Field(
        "mentor",
        _("E-mail of the mentor"),
        ("mentor", "mentor email", "mentor e-mail", "mentors", "e-mail of the mentor", "e-mail mentor", "mentorin",
         "mail mentor", "e-mail des mentors", "e-mail der mentorin", "e-mail mentor/in"),
        EXAMPLE_ADDRESS,
        is_required=True,
    ),
    Field(
        "mentee",
        _("E-mail of the mentee"),
        ("mentee", "mentee email", "mentee e-mail", "mentees", "e-mail of the mentee", "e-mail mentee", "mail mentee",
         "e-mail des mentees", "e-mail der mentee"),
        EXAMPLE_OTHER_ADDRESS,
        is_required=True,
    ),
    Field(
        "starts_on",
        _("First day"),
        ("first day", "start", "start date", "starts on", "begins on", "begin", "erster tag", "beginn", "startdatum"),
        "2030-01-31",
    ),
    Field(
        "focus",
        _("About"),
        ("focus", "about", "topic", "topics", "subject", "thema", "themen", "schwerpunkt", "fokus", "worum es geht"),
        _("Settling in"),
    ),
)  # fmt: skip


def fields_of(kind: str) -> tuple[Field, ...]:
    """What the columns of such a file can be, without the program's questions."""
    if kind == Import.Kind.PAIRS:
        return OF_A_PAIR
    if kind == Import.Kind.PEOPLE:
        return (PERSONAL[0], PERSONAL[1], ROLE, *PERSONAL[2:])
    return tuple(field for field in PERSONAL if field.code != "capacity" or kind != Import.Kind.MENTEES)


def questions_of(program: Program, kind: str) -> Mapping[str, EnrollmentQuestion]:
    """The program's questions to such people, by the code of the field that holds their answers."""
    if kind == Import.Kind.PAIRS:
        return {}
    role = {Import.Kind.MENTORS: "mentor", Import.Kind.MENTEES: "mentee"}.get(Import.Kind(kind), "both")
    found = program.enrollment_questions.asked().for_role(role)
    return {f"{QUESTION}{question.code}": question for question in found[:MOST_QUESTIONS]}


def all_fields(program: Program, kind: str) -> dict[str, Field]:
    """By code, in the order in which they are offered."""
    found = {field.code: field for field in fields_of(kind)}
    for code, question in questions_of(program, kind).items():
        found[code] = Field(code, question.text, (question.code,))
    return found
