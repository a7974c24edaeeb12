"""The page of the quarter as somebody will find it, before anybody is asked: the page itself, with nobody's words."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from accounts.models import User
from mentoring.models import Pairing

from .beside import Beside
from .desk import Desk, Door
from .models import Answer, Moment, Question, RoleSet, Round, Step

# Keys that no pairing has.
OF_THE_MENTOR, OF_THE_MENTEE = -1, -2


class PreviewDesk(Desk):
    """A desk at which nobody has written yet, with a pairing that is made up, so that the page asks who may read.

    `asked` are the questions of one set, stored or not; `base` is the address of the preview, and `query` what its
    links carry along.
    """

    is_preview = True

    def __init__(
        self,
        round: Round,
        role: str,
        asked: Sequence[Question],
        *,
        base: str,
        query: dict[str, str],
        code: str,
    ) -> None:
        rough = any(each.code == code and each.step == Step.ROUGH for each in asked)
        super().__init__(User(), round, Door.ROUGH if rough else Door.COFFEE)
        self.base, self.query = base, query
        names = {}
        if role != RoleSet.MENTOR:
            names[OF_THE_MENTOR] = _("your mentor")
        if role != RoleSet.MENTEE:
            names[OF_THE_MENTEE] = _("your mentee")
        self.__dict__ |= {
            "reflection": None,
            "role": role,
            "wears_several_hats": False,
            "_of_the_set": list(asked),
            "answers": [],
            "pairings": [Pairing(pk=key) for key in names],
            "names": names,
            "may_share_with_program": round.program.has_wall,
            "values_said": [],
        }

    def _url(self, name: str, *args: str, **query: str) -> str:
        """A question's page; everything else is the list of them."""
        way = f"{self.base}{args[0]}/" if name in ("question", "save") else self.base
        query = self.query | query
        return f"{way}?{urlencode(query)}" if query else way

    @property
    def done_url(self) -> str:
        return self._url("done")

    @property
    def rough_url(self) -> str:
        return self._url("rough")

    def answer_before(self, current: Question) -> Answer | None:
        return None


class NothingBeside(Beside):
    """Of somebody who has kept nothing in this quarter, and met nobody."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        super().__init__(desk, now)
        self.__dict__ |= {
            "moments": [], "_moments": [], "pairings": [], "names": {}, "meetings": [], "notes": []
        }  # fmt: skip

    def older(self, current: Question) -> list[Moment]:
        return []


def made_up_things() -> dict[str, Moment | Answer]:
    """Something that a value can stand beside."""
    return {
        "moment-0": Moment(text=_("An invented moment: somebody waited until I had finished the thought."))
    }


def where_next(desk: PreviewDesk, asked: Question, then: str) -> str:
    """By the button that was pressed; none of them keeps anything."""
    if then in ("leave", "done"):
        return desk.done_url
    if then in ("stay", "add", "another", "cue"):
        return desk.url_of(asked)
    return desk.url_before(asked) if then == "back" else desk.url_after(asked)
