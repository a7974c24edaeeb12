"""What this app adds to the signs that a pair lives: what one of the two has shared with the other, and
what was said to it."""

from mentoring import signs
from mentoring.signs import Sign

from .models import Answer, Audience, Moment, Reflection, Reply, Response, Swap, Thanks


def register() -> None:
    """Called once, when the app starts."""
    signs.register(
        Sign(lambda: Moment.objects.filter(audience=Audience.PAIRING), "pairing", "created_at"),
        Sign(
            lambda: Answer.objects.filter(
                audience=Audience.PAIRING, reflection__status=Reflection.Status.SUBMITTED
            ),
            "pairings",
            "reflection__submitted_at",
        ),
        # That one of the two is ready tells nobody, and that a swap opened by its day is no sign of anybody.
        Sign(Swap.objects.all, "pairing", "created_at"),
        Sign(Swap.objects.all, "pairing", "agreed_at"),
        Sign(Response.objects.all, "pairing", "read_at"),
        Sign(Response.objects.all, "pairing", "thanked_at"),
        Sign(Response.objects.all, "pairing", "asked_at"),
        Sign(lambda: Thanks.objects.filter(way=Thanks.Way.HERE), "pairing", "sent_at"),
        Sign(Reply.objects.all, "response__pairing", "created_at"),
    )
