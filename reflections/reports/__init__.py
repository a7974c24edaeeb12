"""Reports for those who fund a program: totals by quarter that tell of nobody, and quotes that their writers allowed.

`figures` decides what is told, and knows no database. `counting` counts a quarter once, when it is long enough over,
and keeps what is told of it, nothing else: every report, of whatever programs and quarters, on whatever day, is made of
these same rows (`tables`). `quotes` finds what may be quoted, `files` gives a report its forms.
"""
