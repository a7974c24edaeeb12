from .agree import AgreementForm, WishForm
from .application import ApplicationForm
from .concern import ConcernForm, ConcernReplyForm
from .directory import AskForm
from .fit_check import FitCheckForm
from .joining import NameForm, SignUpByLinkForm
from .meeting import MeetingForm
from .place import PauseForm
from .request import RoomForm, WordsForm
from .room_meet import NoteForm, PastMeetingForm, TopicForm

__all__ = [
    "AgreementForm",
    "ApplicationForm",
    "AskForm",
    "ConcernForm",
    "ConcernReplyForm",
    "FitCheckForm",
    "MeetingForm",
    "NameForm",
    "NoteForm",
    "PastMeetingForm",
    "PauseForm",
    "RoomForm",
    "SignUpByLinkForm",
    "TopicForm",
    "WishForm",
    "WordsForm",
]
