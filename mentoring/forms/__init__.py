from .application import ApplicationForm
from .directory import AskForm
from .fit_check import FitCheckForm
from .joining import NameForm, SignUpByLinkForm
from .meeting import MeetingForm
from .place import PauseForm
from .request import RoomForm, WordsForm
from .room_meet import NoteForm, PastMeetingForm, TopicForm

__all__ = [
    "ApplicationForm",
    "AskForm",
    "FitCheckForm",
    "MeetingForm",
    "NameForm",
    "NoteForm",
    "PastMeetingForm",
    "PauseForm",
    "RoomForm",
    "SignUpByLinkForm",
    "TopicForm",
    "WordsForm",
]
