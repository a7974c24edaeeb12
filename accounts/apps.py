from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from . import access_emails
        from .monitoring import logs
        from .mydata import letters, own
        from .vault import checks  # noqa: F401 (it registers them)

        access_emails.register_kinds()
        own.fill()
        letters.register_kinds()
        if not settings.DEBUG:
            logs.tell_of_what_ends_us()
