"""How an address and a password become a person."""

from allauth.account.auth_backends import AuthenticationBackend

from .mail import suppression
from .models import User


class ByAddress(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, which asks the database in one way for known and unknown addresses, and hashes once for either."""

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        user: User | None = self._check_password(User.objects.signing_in_with(email), password)
        return user

    def get_user(self, user_id: int) -> User | None:
        """Whoever is signed in, with whether mail to them came back: a banner on each page says so."""
        people = User.objects.annotate(mail_suppressed=suppression.reason_of_user())
        user = people.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
