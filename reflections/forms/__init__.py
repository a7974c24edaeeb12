from .answer import AnswerForm
from .moment import EditMomentForm, MomentForm
from .review import ReviewForm
from .value_said import ValueForm

__all__ = ["AnswerForm", "EditMomentForm", "MomentForm", "ReviewForm", "ValueForm"]
