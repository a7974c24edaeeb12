"""What an installation holds of a person: the map of it, the copy they take along, and how it goes.

Each app fills the map from its AppConfig.ready() (accounts/mydata/own.py is the pattern):

    from accounts.mydata import DELETED, Chapter, Entry, Holding, Kept, Why, named, register, register_nobodys
    register(Holding(Moment, _("Moments"), of=lambda person: Moment.objects.of(person),
                     exported=named("text", ...), withheld={"id": Why.KEY, "person": Why.OWNER}))

    registry.register_chapters(person -> Iterator[Chapter])   a person's own words, for the readable page
    registry.register_obstacle(person -> Iterator[str])       what has to be done before they can leave
    exports.ask / make_due / tidy                             the copy: asked for, made, deleted
    leaving.ask_to_leave / keep_account / erase_due           the grace, and its end
    erasing.erase(person, now=now)                            now and for good
"""

from .registry import (
    DELETED,
    Chapter,
    Deleted,
    Entry,
    Holding,
    Kept,
    Why,
    named,
    register,
    register_chapters,
    register_nobodys,
    register_obstacle,
)

__all__ = [
    "DELETED",
    "Chapter",
    "Deleted",
    "Entry",
    "Holding",
    "Kept",
    "Why",
    "named",
    "register",
    "register_chapters",
    "register_nobodys",
    "register_obstacle",
]
