from .joining import NameForm, SignUpByLinkForm
from .meeting import MeetingForm

__all__ = ["MeetingForm", "NameForm", "SignUpByLinkForm"]
