from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReflectionsConfig(AppConfig):
    name = "reflections"
    verbose_name = _("Reflections")

    def ready(self) -> None:
        from accounts.actions import register_way_in
        from accounts.mail.inbound import inboxes
        from mentoring import following, leaving
        from mentoring.models.goal import register_withdrawn
        from mentoring.room import due

        from . import (
            actions,
            aside_emails,
            break_glass_emails,
            closings,
            deeds,
            keep_by_mail,
            mydata,
            naming_emails,
            nudge_previews,
            nudges,
            quick_replies,
            receipt_emails,
            reply_by_mail,
            response_emails,
            shelf,
            signs_of_pairs,
            survey_emails,
            swap_emails,
            thanks_emails,
            timeline_due,
        )
        from .keepsake import letters

        nudges.register_kinds()
        aside_emails.register_kinds()
        closings.register_kinds()
        nudge_previews.register_kinds()
        response_emails.register_kinds()
        naming_emails.register_kinds()
        break_glass_emails.register_kinds()
        survey_emails.register_kinds()
        swap_emails.register_kinds()
        thanks_emails.register_kinds()
        receipt_emails.register_kinds()
        letters.register_kinds()
        mydata.fill()
        deeds.register()
        due.register_source(timeline_due.questions)
        due.register_source(timeline_due.swaps)
        signs_of_pairs.register()
        inboxes.register(keep_by_mail.receive)
        inboxes.register(quick_replies.receive)
        inboxes.register(reply_by_mail.receive)
        register_way_in(keep_by_mail.end)
        leaving.register(reply_by_mail.end)
        register_withdrawn(shelf.withdrawn)
        following.register_copy(actions.copy_questionnaire)
        following.register_copy(actions.copy_surveys)
