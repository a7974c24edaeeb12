from .meeting import MeetingForm

__all__ = ["MeetingForm"]
