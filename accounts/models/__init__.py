from .audit_entry import AuditEntry, AuditEntryQuerySet
from .data_key import DataKey, DataKeyQuerySet
from .erasure import Erasure
from .export import Export, ExportQuerySet
from .export_part import ExportPart
from .house import FailedTask, HouseRun
from .profile import Link, Photo, Profile, UsualHours
from .user import User, UserManager, UserQuerySet

__all__ = [
    "AuditEntry",
    "AuditEntryQuerySet",
    "DataKey",
    "DataKeyQuerySet",
    "Erasure",
    "Export",
    "ExportPart",
    "ExportQuerySet",
    "FailedTask",
    "HouseRun",
    "Link",
    "Photo",
    "Profile",
    "User",
    "UserManager",
    "UserQuerySet",
    "UsualHours",
]
