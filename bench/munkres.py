"""The assignment as spreadsheet matchers solve it: James Munkres's steps of 1957, with starred and primed zeros.

Plain Python on a square table of costs, as the packages of that name do it. Only the benchmark of the matching uses it.
"""

from collections.abc import Sequence


def munkres(costs: Sequence[Sequence[int]]) -> list[int]:
    """The column of each row of a square table, of least cost together."""
    size = len(costs)
    left = [[cost - min(row) for cost in row] for row in costs]
    star_of_row, star_of_column = [-1] * size, [-1] * size
    for row in range(size):
        for column in range(size):
            if left[row][column] == 0 and star_of_column[column] < 0:
                star_of_row[row], star_of_column[column] = column, row
                break
    while True:
        covered_rows = [False] * size
        covered_columns = [row >= 0 for row in star_of_column]
        if all(covered_columns):
            return star_of_row
        prime_of_row = [-1] * size
        while True:
            found = _uncovered_zero(left, covered_rows, covered_columns)
            if found is None:
                _shift(left, covered_rows, covered_columns)
                continue
            row, column = found
            prime_of_row[row] = column
            if star_of_row[row] < 0:
                break
            covered_rows[row] = True
            covered_columns[star_of_row[row]] = False
        # Along the path of primes and stars, every star goes and every prime becomes one.
        while True:
            column = prime_of_row[row]
            before = star_of_column[column]
            star_of_row[row], star_of_column[column] = column, row
            if before < 0:
                break
            row = before


def _uncovered_zero(
    left: list[list[int]], covered_rows: list[bool], covered_columns: list[bool]
) -> tuple[int, int] | None:
    open_columns = [column for column, covered in enumerate(covered_columns) if not covered]
    for row, covered in enumerate(covered_rows):
        if not covered:
            values = left[row]
            for column in open_columns:
                if values[column] == 0:
                    return row, column
    return None


def _shift(left: list[list[int]], covered_rows: list[bool], covered_columns: list[bool]) -> None:
    """Make a new zero: the least that is not covered comes off there, and goes onto what is covered twice."""
    least = min(
        value
        for row, covered in enumerate(covered_rows)
        if not covered
        for value, across in zip(left[row], covered_columns, strict=True)
        if not across
    )
    for row, covered in enumerate(covered_rows):
        values = left[row]
        for column, across in enumerate(covered_columns):
            if covered and across:
                values[column] += least
            elif not covered and not across:
                values[column] -= least
