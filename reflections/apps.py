from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReflectionsConfig(AppConfig):
    name = "reflections"
    verbose_name = _("Reflections")

    def ready(self) -> None:
        from mentoring import following
        from mentoring.room import due

        from . import actions, mydata, nudges, response_emails, signs_of_pairs, timeline_due
        from .keepsake import letters

        nudges.register_kinds()
        response_emails.register_kinds()
        letters.register_kinds()
        mydata.fill()
        due.register_source(timeline_due.questions)
        signs_of_pairs.register()
        following.register_copy(actions.copy_questionnaire)
