from .application import ApplicationForm
from .directory import AskForm
from .fit_check import FitCheckForm
from .joining import NameForm, SignUpByLinkForm
from .meeting import MeetingForm
from .place import PauseForm
from .postcard import PostcardForm
from .request import RoomForm, WordsForm

__all__ = [
    "ApplicationForm",
    "AskForm",
    "FitCheckForm",
    "MeetingForm",
    "NameForm",
    "PauseForm",
    "PostcardForm",
    "RoomForm",
    "SignUpByLinkForm",
    "WordsForm",
]
