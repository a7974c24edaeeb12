"""What the pairs of the demo program said to what they shared with each other, and what one person told in confidence.
All of it invented."""

from collections.abc import Sequence
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import User
from mentoring.models import Concern, ConcernReading, Program
from reflections.models import Audience, Moment, Reply, Response

from .calendar import DAY, Times
from .pairs import Pair, Status

# By the reader of the newest moment that the other one shared, of the one before, and so on: thanks, question, answer.
BETWEEN_THE_CAST = {
    ("hanne", "devika"): (
        ("Thank you for telling me the part where you were not sure. That was the part I needed.", "", ""),
        ("", "What did you know by then that you had not known in the morning?", ""),
        ("", "Who else saw it?", "Bogdan did. He said nothing, and carried the other end."),
    ),
    ("devika", "hanne"): (
        ("I had not seen it that way. I have read it twice.", "", ""),
        ("", "What would you have done if I had asked you first?", "The same. That is why I did not say it."),
    ),
    ("callum", "hanne"): (("For writing it down at all.", "", ""),),
}
READ_ONLY_EVERY, THANKED_EVERY = 3, 7
TOLD = (
    "My mentor is kind, and I learn from him. But twice now he has asked me to help with a proposal of his own firm, "
    "unpaid, in the hour that was meant for us. I do not know how to say no to somebody who gives me so much time."
)
ANSWERED = (
    "Thank you for saying it. It is not yours to carry alone, and saying no to that costs you nothing here. I will "
    "telephone you on Thursday at six if that suits you, and until we have spoken I do nothing."
)


def respond(pairs: Sequence[Pair], times: Times) -> int:
    """How many things somebody said something to."""
    moments: dict[int, list[Moment]] = {}
    for moment in Moment.objects.filter(audience=Audience.PAIRING).select_related("person").newest_first():
        moments.setdefault(moment.pairing_id or 0, []).append(moment)
    count = 0
    for pair in pairs:
        shared = moments.get(pair.row.pk, []) if pair.row and pair.has_begun else []
        for reader in (pair.mentor, pair.mentee):
            theirs = [moment for moment in shared if moment.person.email != reader.email]
            lines = BETWEEN_THE_CAST.get((reader.key, pair.partner_of(reader).key), ())
            for moment, said in zip(theirs, lines, strict=False):
                _say(pair, moment, said, times)
                count += 1
            if not lines:
                count += _invented(pair, theirs, times)
    return count


def _invented(pair: Pair, moments: Sequence[Moment], times: Times) -> int:
    """Some are read, a few are thanked for without words; most stand as they are."""
    chosen = [moment for moment in moments if moment.pk % READ_ONLY_EVERY == 0]
    for moment in chosen:
        _say(pair, moment, ("", "", ""), times, is_thanked=moment.pk % THANKED_EVERY == 0)
    return len(chosen)


def _say(
    pair: Pair, moment: Moment, said: tuple[str, str, str], times: Times, *, is_thanked: bool = False
) -> None:
    thanks, question, answer = said
    at = min(times.at(moment.happened_on + 2 * DAY, 19, 20), times.now - timedelta(hours=5))
    row = Response(
        pairing=pair.saved,
        reader=pair.saved.partner_of(moment.person),
        moment=moment,
        read_at=at,
        thanked_at=at if thanks or is_thanked else None,
        asked_at=at if question else None,
    )
    row.thanks, row.question = thanks, question
    row.save(force_insert=True)
    if answer:
        reply = Reply(response=row, person=moment.person, created_at=min(at + DAY, times.now))
        reply.text = answer
        reply.save(force_insert=True)


def tell_in_confidence(program: Program, pairs: Sequence[Pair], times: Times) -> int:
    """One thing, to whoever the program names for that: read, answered, and not seen to yet. How many there are."""
    contact, is_new = User.objects.get_or_create(
        email=User.objects.normalize_email(program.concern_email),
        defaults={
            "name": program.concern_name,
            "password": make_password(None),
            "joined_at": times.now - 40 * DAY,
        },
    )
    if is_new:
        EmailAddress.objects.create(user=contact, email=contact.email, verified=True, primary=True)
    others = [
        pair for pair in pairs if pair.status == Status.ACTIVE and not pair.mentor.key and not pair.mentee.key
    ]
    for pair in others[:1]:
        at = times.now - 6 * DAY
        row = Concern(
            program=program,
            pairing=pair.saved,
            person=pair.saved.mentee,
            contact=contact,
            receipt="HK7TWQ2M",
            created_at=at,
            replied_at=at + timedelta(hours=20),
        )
        row.text, row.reply = TOLD, ANSWERED
        row.save(force_insert=True)
        for hours in (4, 20):
            ConcernReading.objects.create(concern=row, reader=contact, read_at=at + timedelta(hours=hours))
    return len(others[:1])
