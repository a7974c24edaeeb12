from .answer import AnswerForm
from .moment import EditMomentForm, MomentForm
from .review import ReviewForm

__all__ = ["AnswerForm", "EditMomentForm", "MomentForm", "ReviewForm"]
