from .profile import Link, Photo, Profile, UsualHours
from .user import User, UserManager, UserQuerySet

__all__ = ["Link", "Photo", "Profile", "User", "UserManager", "UserQuerySet", "UsualHours"]
