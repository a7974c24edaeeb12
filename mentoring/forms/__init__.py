from .application import ApplicationForm
from .directory import AskForm
from .joining import NameForm, SignUpByLinkForm
from .meeting import MeetingForm
from .place import PauseForm
from .request import RoomForm, WordsForm

__all__ = [
    "ApplicationForm",
    "AskForm",
    "MeetingForm",
    "NameForm",
    "PauseForm",
    "RoomForm",
    "SignUpByLinkForm",
    "WordsForm",
]
