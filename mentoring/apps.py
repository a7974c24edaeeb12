from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    name = "mentoring"
    verbose_name = _("Mentoring")

    def ready(self) -> None:
        from accounts.actions import register_way_in
        from accounts.mail import weekly
        from accounts.mail.inbound import inboxes
        from accounts.media import files

        from . import (
            admission_emails,
            agree_emails,
            announcement_emails,
            calendar_emails,
            calendar_feeds,
            calendar_replies,
            concern_emails,
            deeds,
            emails,
            ending_emails,
            in_touch_emails,
            met_emails,
            mydata,
            on_behalf_emails,
            request_emails,
            retention,
            room_emails,
            silence_emails,
            times_emails,
            weekly_days_off,
        )
        from .models import Logo, ResourceFile

        emails.register_kinds()
        admission_emails.register_kinds()
        request_emails.register_kinds()
        room_emails.register_kinds()
        calendar_emails.register_kinds()
        agree_emails.register_kinds()
        concern_emails.register_kinds()
        met_emails.register_kinds()
        times_emails.register_kinds()
        on_behalf_emails.register_kinds()
        ending_emails.register_kinds()
        silence_emails.register_kinds()
        in_touch_emails.register_kinds()
        announcement_emails.register_kinds()
        retention.register_kinds()
        mydata.fill()
        files.register(Logo, "content")
        files.register(ResourceFile, "content")
        deeds.register()
        weekly.register_days_off(weekly_days_off.days_off_of)
        register_way_in(calendar_feeds.end)
        inboxes.register(calendar_replies.take)


class BestAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our own site, so that a program admin's rows let them in (mentoring/admin_site.py)."""

    default_site = "mentoring.admin_site.BestAdminSite"
    default = False
