"""How the lists of the admin are searched: every word has to be found, each in any of the fields, whatever its case and
its accents.

By what PostgreSQL has built in: an installation may not be able to add extensions, `unaccent` among them.
"""

import unicodedata
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Model, Q, QuerySet, TextField, Transform
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest
from django.utils.text import smart_split, unescape_string_literal

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin

# Letters that Unicode does not take for one with an accent.
AS_ONE = ("øØłŁđĐıħĦ", "oOlLdDihH")
MOST_WORDS = 8


class Plain(Transform):
    """A text without accents and in small letters. What is ASCII, which a length tells, is not looked at twice."""

    lookup_name = "plain"
    output_field = TextField()
    function = "LOWER"
    template = (
        "LOWER(CASE WHEN octet_length(%(expressions)s) = char_length(%(expressions)s) THEN %(expressions)s "
        "ELSE replace(translate(regexp_replace(normalize(%(expressions)s, NFD), "
        "U&'[\\0300-\\036F]', '', 'g'), '" + AS_ONE[0] + "', '" + AS_ONE[1] + "'), 'ß', 'ss') END)"
    )


CharField.register_lookup(Plain)
TextField.register_lookup(Plain)


def plain(text: str) -> str:
    """As `Plain` has it."""
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(letter for letter in apart if not "\u0300" <= letter <= "\u036f")
    return bare.translate(str.maketrans(*AS_ONE)).replace("ß", "ss").lower()


def words_of(search: str) -> list[str]:
    """What is looked for; words in quotes stay together."""
    found = []
    for bit in smart_split(search.replace("\0", "")):
        if bit[0] == bit[-1] and bit[0] in "\"'" and len(bit) > 1:
            bit = unescape_string_literal(bit)
        if bit := plain(bit.strip()):
            found.append(bit)
    return found[:MOST_WORDS]


class SearchedByWords(AnyModelAdmin):
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Each row once: what lies behind a relation to many is asked for by itself, so that two words may be found in
        two of them."""
        fields = list(self.get_search_fields(request))
        if not fields:
            return queryset, False
        for word in words_of(search_term):
            queryset = queryset.filter(reduce(or_, (self._found(name, word) for name in fields)))
        return queryset, False

    def _found(self, name: str, word: str) -> Q:
        found = Q(**{f"{name}__plain__contains": word})
        if not _is_behind_many(self.model, name):
            return found
        return Q(pk__in=self.model._default_manager.filter(found).order_by().values("pk"))


def _is_behind_many(model: type[Model], name: str) -> bool:
    here: Any = model
    for part in name.split(LOOKUP_SEP):
        try:
            field = here._meta.get_field(part)
        except FieldDoesNotExist:
            return False
        if field.one_to_many or field.many_to_many:
            return True
        here = getattr(field, "related_model", None) or here
    return False
