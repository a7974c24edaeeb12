"""How an action says no."""

from accounts.refused import Refused

__all__ = ["Refused"]
