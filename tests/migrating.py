"""Long ways up and down the migrations, for the tests of what these make of rows."""

import contextlib
from collections.abc import Iterator

import pytest
from django.db.migrations.state import ModelState, ProjectState


@contextlib.contextmanager
def light_states() -> Iterator[None]:
    """In this block a constraint or an index that comes or goes is noted in the model, as in Django's own states of it.

    Django would build that model anew, and all that are related to it, which here are nearly all: half of the time of a
    way. What is asked of the database is the same: to build them again has no part in it, since no field changes.
    """

    def note(states: ProjectState, key: tuple[str, str], name: str) -> None:
        if "apps" in states.__dict__:
            options = states.models[key].options[name]
            setattr(states.apps.get_model(*key)._meta, name, list(options))

    def append(states: ProjectState, app_label: str, model_name: str, name: str, added: object) -> None:
        model: ModelState = states.models[app_label, model_name]
        model.options[name] = [*model.options[name], added]
        note(states, (app_label, model_name), name)

    def remove(states: ProjectState, app_label: str, model_name: str, name: str, gone: str) -> None:
        model: ModelState = states.models[app_label, model_name]
        model.options[name] = [each for each in model.options[name] if each.name != gone]
        note(states, (app_label, model_name), name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProjectState, "_append_option", append)
        patch.setattr(ProjectState, "_remove_option", remove)
        yield
