from .erasure import Erasure
from .export import Export, ExportPart, ExportQuerySet
from .user import User, UserManager, UserQuerySet

__all__ = ["Erasure", "Export", "ExportPart", "ExportQuerySet", "User", "UserManager", "UserQuerySet"]
