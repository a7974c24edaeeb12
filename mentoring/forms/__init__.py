from .application import ApplicationForm
from .joining import NameForm, SignUpByLinkForm
from .meeting import MeetingForm
from .place import PauseForm

__all__ = ["ApplicationForm", "MeetingForm", "NameForm", "PauseForm", "SignUpByLinkForm"]
