"""What this app adds to the signs that a pair lives: what one of the two has shared with the other."""

from mentoring import signs
from mentoring.signs import Sign

from .models import Answer, Audience, Moment, Reflection


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
    )
