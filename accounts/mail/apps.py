from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "accounts.mail"
    label = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from . import digest, mydata
        from .inbound import bounces, inboxes, stops, webhooks

        mydata.fill()
        digest.register_kinds()
        inboxes.register(bounces.receive)
        inboxes.register(stops.receive)
        webhooks.listen()
