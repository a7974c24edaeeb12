from .erasure import Erasure
from .export import Export, ExportPart, ExportQuerySet
from .profile import Link, Photo, Profile, UsualHours
from .user import User, UserManager, UserQuerySet

__all__ = [
    "Erasure",
    "Export",
    "ExportPart",
    "ExportQuerySet",
    "Link",
    "Photo",
    "Profile",
    "User",
    "UserManager",
    "UserQuerySet",
    "UsualHours",
]
