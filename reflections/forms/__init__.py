from .answer import AnswerForm
from .keepsake import KeepsakeForm
from .moment import EditMomentForm, MomentForm
from .review import ReviewForm

__all__ = ["AnswerForm", "EditMomentForm", "KeepsakeForm", "MomentForm", "ReviewForm"]
