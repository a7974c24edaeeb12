from .agree import AgreementForm, WishForm
from .application import ApplicationForm
from .concern import ConcernForm, ConcernReplyForm
from .directory import AskForm
from .fit_check import FitCheckForm
from .goals import ActionForm, GoalForm, MoveForm, PossibilityForm
from .joining import NameForm, SignUpByLinkForm
from .meeting import MeetingForm
from .place import PauseForm
from .request import RoomForm, WordsForm
from .room_meet import NoteForm, PastMeetingForm, TopicForm

__all__ = [
    "ActionForm",
    "AgreementForm",
    "ApplicationForm",
    "AskForm",
    "ConcernForm",
    "ConcernReplyForm",
    "FitCheckForm",
    "GoalForm",
    "MeetingForm",
    "MoveForm",
    "NameForm",
    "NoteForm",
    "PastMeetingForm",
    "PauseForm",
    "PossibilityForm",
    "RoomForm",
    "SignUpByLinkForm",
    "TopicForm",
    "WishForm",
    "WordsForm",
]
