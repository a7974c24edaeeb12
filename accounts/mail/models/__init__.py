from .event import MailEvent
from .link import MailLink, MailLinkQuerySet
from .message import Message, MessageQuerySet
from .relay import Relay
from .stopped import Stopped, StoppedQuerySet
from .suppression import Suppression, SuppressionQuerySet

__all__ = [
    "MailEvent",
    "MailLink",
    "MailLinkQuerySet",
    "Message",
    "MessageQuerySet",
    "Relay",
    "Stopped",
    "StoppedQuerySet",
    "Suppression",
    "SuppressionQuerySet",
]
