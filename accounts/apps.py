from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from . import access_emails
        from .mydata import letters, own

        access_emails.register_kinds()
        own.fill()
        letters.register_kinds()
