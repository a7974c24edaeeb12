from .user import User, UserManager, UserQuerySet

__all__ = ["User", "UserManager", "UserQuerySet"]
