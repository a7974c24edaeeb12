"""What an identity provider says about somebody by SAML, and how little of it we take."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants

from accounts.single_sign_on import is_proven, uid_of


class NotUnderstood(Exception):
    """A response that is signed as it should be, and does not say who it is about."""


class Provider(SAMLProvider):  # type: ignore[misc]
    package = "accounts.single_sign_on.saml"

    def extract_uid(self, data: OneLogin_Saml2_Auth) -> str:
        """By the attribute made for it, else by the NameID, but not by one that is another each time."""
        is_lasting = data.get_nameid_format() != OneLogin_Saml2_Constants.NAMEID_TRANSIENT
        subject = self._extract(data).get("uid") or (is_lasting and data.get_nameid())
        if not subject:
            raise NotUnderstood("no lasting id")
        return uid_of(self.app.settings["idp"]["entity_id"], subject)

    def extract_extra_data(self, data: OneLogin_Saml2_Auth) -> dict[str, Any]:
        """Nothing: what else they tell us about somebody, we need not know."""
        return {}

    def extract_email_addresses(self, data: OneLogin_Saml2_Auth) -> list[EmailAddress]:
        said = self._extract(data)
        if not (email := said.get("email")):
            return []
        return [EmailAddress(email=email, primary=True, verified=is_proven(email, {}, self.app.settings))]


provider_classes = [Provider]
