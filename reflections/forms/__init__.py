from .answer import AnswerForm
from .keepsake import KeepsakeForm
from .moment import EditMomentForm, MomentForm
from .review import ReviewForm
from .value_said import ValueForm

__all__ = ["AnswerForm", "EditMomentForm", "KeepsakeForm", "MomentForm", "ReviewForm", "ValueForm"]
