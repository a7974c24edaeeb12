"""The data map: nothing of a person is forgotten, neither in the copy they take along nor when they go."""

from dataclasses import replace

import pytest
from django.db import models
from django.test.utils import isolate_apps

from accounts.models import User
from accounts.mydata import Holding, Kept, Why, registry
from mentoring.models import Enrollment
from reflections.models import Moment
from tests.datamap import complaints, leads_to_a_person


def test_every_field_of_every_model_is_exported_or_has_a_reason_and_a_word_about_erasing() -> None:
    assert complaints() == []


def test_the_map_holds_nothing_that_is_not_there() -> None:
    installed = {model._meta.label for model in _models()}
    assert {holding.model._meta.label for holding in registry.holdings()} <= installed
    assert set(registry.nobodys()) <= installed


def _models() -> list[type[models.Model]]:
    from django.apps import apps

    return list(apps.get_models(include_auto_created=True))


# --- The walk itself can fail --------------------------------------------------------------------------------------


@isolate_apps("tests")
def test_the_walk_finds_a_new_model_that_leads_to_a_person_by_way_of_another() -> None:
    class Diary(models.Model):
        owner = models.ForeignKey(User, models.CASCADE, related_name="+")

        class Meta:
            app_label = "tests"

    class Page(models.Model):
        diary = models.ForeignKey(Diary, models.CASCADE)
        text = models.TextField()

        class Meta:
            app_label = "tests"

    class Weather(models.Model):
        degrees = models.IntegerField()

        class Meta:
            app_label = "tests"

    assert leads_to_a_person(Page)
    assert not leads_to_a_person(Weather)
    assert complaints([Diary, Page, Weather]) == [
        "tests.Diary leads to a person and is not in the data map",
        "tests.Page leads to a person and is not in the data map",
        "tests.Weather is neither in the data map nor named as nobody's",
    ]
    assert complaints([Weather], nobodys={"tests.Weather": "the sky"}) == []


def test_the_walk_finds_a_new_field() -> None:
    moment = next(each for each in registry.holdings() if each.model is Moment)
    without = replace(moment, exported={name: None for name in moment.exported if name != "text"})
    assert complaints([Moment], [without]) == ["reflections.Moment.text is not in the export or the reasons"]


def test_the_walk_finds_a_field_of_which_nobody_said_what_erasing_does() -> None:
    place = next(each for each in registry.holdings() if each.model is Enrollment)
    assert isinstance(place.erasure, Kept)
    fewer = tuple(name for name in place.erasure.replaced if name != "department")
    silent = replace(place, erasure=replace(place.erasure, replaced=fewer))
    assert complaints([Enrollment], [silent]) == [
        "mentoring.Enrollment.department is not in what erasing does"
    ]
    careless = replace(place.erasure, replaced=fewer, stays=(*place.erasure.stays, "department"))
    assert complaints([Enrollment], [replace(place, erasure=careless)]) == [
        "mentoring.Enrollment.department holds words and would stay"
    ]


def test_the_walk_finds_what_is_said_of_a_field_that_has_gone() -> None:
    moment = next(each for each in registry.holdings() if each.model is Moment)
    late = replace(moment, withheld={**moment.withheld, "mood": Why.KEY})
    assert complaints([Moment], [late]) == [
        "reflections.Moment.mood is in the export or the reasons and is no field"
    ]


def test_a_model_is_in_the_map_once() -> None:
    again = Holding(Moment, "Moments", of=Moment.objects.of, exported={}, withheld={})
    with pytest.raises(ValueError, match="in the data map already"):
        registry.register(again)
