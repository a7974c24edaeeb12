from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    name = "mentoring"
    verbose_name = _("Mentoring")

    def ready(self) -> None:
        from . import (
            admission_emails,
            emails,
            in_touch_emails,
            mydata,
            request_emails,
            retention,
            room_emails,
            silence_emails,
        )

        emails.register_kinds()
        admission_emails.register_kinds()
        request_emails.register_kinds()
        room_emails.register_kinds()
        silence_emails.register_kinds()
        in_touch_emails.register_kinds()
        retention.register_kinds()
        mydata.fill()


class BestAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our own site, so that a program admin's rows let them in (mentoring/admin_site.py)."""

    default_site = "mentoring.admin_site.BestAdminSite"
    default = False
