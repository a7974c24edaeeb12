"""How far a round has come: totals for those who run the program. That people reflect, never who wrote what."""

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from mentoring.models import Pairing

from .models import Reflection, Round

if TYPE_CHECKING:
    from typing import TypedDict

    from django_stubs_ext import WithAnnotations

    class Totals(TypedDict):
        asked: int
        finished: int
        writing: int
        declined: int

    RoundWithTotals = WithAnnotations[Round, Totals]


def with_totals(rounds: QuerySet[Round]) -> "QuerySet[RoundWithTotals]":
    """Each round with `asked` (people who were a pair in that quarter, and whoever wrote without being in one),
    `finished`, `writing` (begun and not finished) and `declined`."""
    return rounds.annotate(
        asked=_Asked("program", "due_on", "quarter_start", "pk"),
        finished=_count(Reflection.Status.SUBMITTED),
        writing=_count(Reflection.Status.DRAFT),
        declined=_count(Reflection.Status.DECLINED),
    )


class _Asked(Func):
    """Of a round's program, last day, first day and number: how many people there were in pairs of that quarter, or
    wrote, each once. Written out, because Django has no way to take both people of a row of a pairing: joined for one
    and then for the other, or asked about everybody one by one, ten thousand people take several times as long."""

    arity = 4
    output_field = IntegerField()

    def as_sql(self, compiler: Any, connection: Any, *_args: Any, **_context: Any) -> Any:
        (program, due_on, begins_on, number), params = zip(
            *(compiler.compile(each) for each in self.get_source_expressions()), strict=True
        )
        pairs, reflections = Pairing._meta.db_table, Reflection._meta.db_table
        sql = (
            "(SELECT COUNT(*) FROM ("  # noqa: S608 (names of our own tables, and columns as Django wrote them)
            f"SELECT one.person FROM {pairs} AS pair"
            " CROSS JOIN LATERAL (VALUES (pair.mentor_id), (pair.mentee_id)) AS one (person)"
            f" WHERE pair.program_id = {program} AND pair.status = ANY(%s) AND pair.starts_on <= {due_on}"
            f" AND (pair.ended_on IS NULL OR pair.ended_on >= {begins_on})"
            f" UNION SELECT wrote.person_id FROM {reflections} AS wrote WHERE wrote.round_id = {number}"
            ") AS people)"
        )
        first, second, third, fourth = params
        return sql, (*first, [str(each) for each in Pairing.BEGUN], *second, *third, *fourth)


def _count(status: str) -> Coalesce:
    rows = (
        Reflection.objects.filter(round=OuterRef("pk"), status=status)
        .order_by()
        .values("round")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)
