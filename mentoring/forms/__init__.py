from .agree import AgreementForm, WishForm
from .application import ApplicationForm
from .concern import ConcernForm, ConcernReplyForm
from .directory import AskForm
from .fit_check import FitCheckForm
from .goals import ActionForm, GoalForm, MoveForm, PossibilityForm
from .joining import NameForm, SignUpByLinkForm
from .meeting import MeetingForm, PlanForm, TogetherForm
from .place import PauseForm
from .postcard import PostcardForm
from .request import RoomForm, WordsForm
from .room_meet import NoteForm, PastMeetingForm, TopicForm
from .times import TimesForm

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
    "PlanForm",
    "PossibilityForm",
    "PostcardForm",
    "RoomForm",
    "SignUpByLinkForm",
    "TimesForm",
    "TogetherForm",
    "TopicForm",
    "WishForm",
    "WordsForm",
]
