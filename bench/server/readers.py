"""Who asks, and for what: people of the demo program, signed in, with the pages that most of them open."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bench.server.load import Ask

if TYPE_CHECKING:
    from django.test import Client

    from reflections.desk import Desk

PAGES = ("home", "pair page", "reflection save", "directory search", "desk")
WORDS = "What I did best this quarter was to listen until she had found it herself. "


def asks_of(clients: int) -> dict[str, list[Ask]]:
    """For each of PAGES so many clients, each signed in as somebody else where there are so many.

    They are mentors and mentees with a pair and an open page of their own; the desk is that of the program's admin.
    """
    from django.conf import settings
    from django.urls import reverse

    from accounts import clock
    from mentoring.models import Enrollment, Pairing, Program
    from reflections.demo.people import ADMIN_EMAIL
    from reflections.demo.programs import SLUG
    from reflections.desk import Desk
    from reflections.models import Round

    program = Program.objects.get(slug=SLUG)
    today = program.today(clock.now())
    round = Round.objects.filter(program=program).open_on(today).get()
    pairs = Pairing.objects.filter(program=program, status=Pairing.Status.ACTIVE).select_related("mentee")
    by_mentee = {pair.mentee_id: pair for pair in pairs.order_by("-pk")}
    unfinished = (
        Enrollment.objects.filter(program=program, status=Enrollment.Status.ACTIVE, person_id__in=by_mentee)
        .exclude(person__reflections__round=round, person__reflections__status__in=["submitted", "declined"])
        .select_related("person")
        .order_by("pk")
    )
    readers = [place.person for place in unfinished[:clients]]
    found: dict[str, list[Ask]] = {page: [] for page in PAGES}
    for number in range(clients):
        person = readers[number % len(readers)]
        client = signed_in(person.email)
        headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}",
            "Accept-Encoding": "gzip",
        }
        pair = by_mentee[person.pk]
        found["home"].append(Ask("home", reverse("home"), headers))
        found["pair page"].append(Ask("pair page", reverse("pairings:detail", args=[pair.pk]), headers))
        mentors = reverse("programs:mentors", args=[program.pk])
        found["directory search"].append(Ask("directory search", f"{mentors}?q=listening", headers))
        if number < len(readers):  # Two who save the same answer would overtake each other.
            desk = Desk(person=person, round=round)
            found["reflection save"].append(saving(client, headers, desk))
        admin = signed_in(ADMIN_EMAIL)
        cookie = f"{settings.SESSION_COOKIE_NAME}={admin.cookies[settings.SESSION_COOKIE_NAME].value}"
        found["desk"].append(
            Ask("desk", f"{reverse('admin:index')}?program={program.pk}", {**headers, "Cookie": cookie})
        )
    return found


def saving(client: "Client", headers: dict[str, str], desk: "Desk") -> Ask:
    """As the page of a question saves what is being written, by itself."""
    from django.conf import settings

    page = client.get(desk.first_url).content.decode()
    cookie = f"{settings.CSRF_COOKIE_NAME}={client.cookies[settings.CSRF_COOKIE_NAME].value}"
    return Ask(
        "reflection save",
        desk.save_url_of(desk.questions[0]),
        {**headers, "Cookie": f"{headers['Cookie']}; {cookie}"},
        {
            "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"),
            "text": f"{WORDS * 8}{{n}}",
            "version": hidden(page, "version"),
        },
        follows=["version"],
    )


def hidden(page: str, name: str) -> str:
    """What a hidden field of the page holds. Raises RuntimeError where there is no such field."""
    for tag in re.findall(r"<input[^>]*>", page):
        if f'name="{name}"' in tag:
            value = re.search(r'value="([^"]*)"', tag)
            return value[1] if value else ""
    raise RuntimeError(f"the page has no field {name}")


def signed_in(email: str) -> "Client":
    from django.test import Client

    from accounts.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=email))
    return client


def all_of(asks: dict[str, list[Ask]]) -> Iterator[Ask]:
    for each in asks.values():
        yield from each
