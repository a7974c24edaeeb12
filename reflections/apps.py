from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReflectionsConfig(AppConfig):
    name = "reflections"
    verbose_name = _("Reflections")

    def ready(self) -> None:
        from mentoring import following

        from . import actions, mydata, nudges, signs_of_pairs

        nudges.register_kinds()
        mydata.fill()
        signs_of_pairs.register()
        following.register_copy(actions.copy_questionnaire)
