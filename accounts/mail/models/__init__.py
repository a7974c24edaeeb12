from .event import MailEvent
from .home import Home, HomeQuerySet
from .link import MailLink, MailLinkQuerySet
from .message import Message, MessageQuerySet
from .relay import Relay
from .stopped import Stopped, StoppedQuerySet
from .suppression import Suppression, SuppressionQuerySet

__all__ = [
    "Home",
    "HomeQuerySet",
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
