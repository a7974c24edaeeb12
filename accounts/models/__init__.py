from .audit_entry import AuditEntry, AuditEntryQuerySet
from .data_key import DataKey, DataKeyQuerySet
from .erasure import Erasure
from .export import Export, ExportQuerySet
from .export_part import ExportPart
from .files import FileSweep, ForgottenFile
from .house import FailedTask, HouseRun
from .mail_aside import MailAside
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
    "FileSweep",
    "ForgottenFile",
    "HouseRun",
    "Link",
    "MailAside",
    "Photo",
    "Profile",
    "User",
    "UserManager",
    "UserQuerySet",
    "UsualHours",
]
