"""How an address and a password become a person."""

from allauth.account.auth_backends import AuthenticationBackend

from .models import User


class ByAddress(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, which asks the database in one way for known and unknown addresses, and hashes once for either."""

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        user: User | None = self._check_password(User.objects.signing_in_with(email), password)
        return user
