from .link import MailLink, MailLinkQuerySet
from .message import Message, MessageQuerySet
from .relay import Relay
from .stopped import Stopped, StoppedQuerySet

__all__ = [
    "MailLink",
    "MailLinkQuerySet",
    "Message",
    "MessageQuerySet",
    "Relay",
    "Stopped",
    "StoppedQuerySet",
]
