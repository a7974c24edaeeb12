from .application import ApplicationForm
from .directory import AskForm
from .fit_check import FitCheckForm
from .goals import ActionForm, GoalForm, MoveForm, PossibilityForm
from .joining import NameForm, SignUpByLinkForm
from .meeting import MeetingForm
from .place import PauseForm
from .request import RoomForm, WordsForm

__all__ = [
    "ActionForm",
    "ApplicationForm",
    "AskForm",
    "FitCheckForm",
    "GoalForm",
    "MeetingForm",
    "MoveForm",
    "NameForm",
    "PauseForm",
    "PossibilityForm",
    "RoomForm",
    "SignUpByLinkForm",
    "WordsForm",
]
