from .application import ApplicationForm
from .directory import AskForm
from .fit_check import FitCheckForm
from .joining import NameForm, SignUpByLinkForm
from .meeting import MeetingForm, PlanForm, TogetherForm
from .place import PauseForm
from .request import RoomForm, WordsForm
from .times import TimesForm

__all__ = [
    "ApplicationForm",
    "AskForm",
    "FitCheckForm",
    "MeetingForm",
    "NameForm",
    "PauseForm",
    "PlanForm",
    "RoomForm",
    "SignUpByLinkForm",
    "TimesForm",
    "TogetherForm",
    "WordsForm",
]
