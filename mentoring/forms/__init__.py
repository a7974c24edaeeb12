from .application import ApplicationForm
from .fit_check import FitCheckForm
from .joining import NameForm, SignUpByLinkForm
from .meeting import MeetingForm
from .place import PauseForm

__all__ = ["ApplicationForm", "FitCheckForm", "MeetingForm", "NameForm", "PauseForm", "SignUpByLinkForm"]
