"""What the page of accounts elsewhere asks: what a provider is called, and which ones are not connected yet."""

from collections.abc import Iterable

from allauth.socialaccount.models import SocialAccount
from django import template

from accounts import single_sign_on

register = template.Library()


@register.filter
def door_name(provider_id: str) -> str:
    return single_sign_on.name_of(provider_id)


@register.filter
def without(doors: list[dict[str, str]], accounts: Iterable[SocialAccount]) -> list[dict[str, str]]:
    """The doors to which none of these accounts belongs."""
    connected = {account.provider for account in accounts}
    return [door for door in doors if door["id"] not in connected]
