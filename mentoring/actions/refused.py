"""How an action says no: as everywhere."""

from accounts.refused import Refused

__all__ = ["Refused"]
