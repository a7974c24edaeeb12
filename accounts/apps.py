from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from . import access_emails
        from .media import files
        from .models import Photo
        from .monitoring import logs
        from .mydata import letters, own
        from .setup import starting  # noqa: F401 (it registers a check)
        from .vault import checks  # noqa: F401 (it registers them)

        access_emails.register_kinds()
        own.fill()
        files.register(Photo, "image")
        letters.register_kinds()
        if not settings.DEBUG:
            logs.tell_of_what_ends_us()
