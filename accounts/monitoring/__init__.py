"""How whoever runs the installation learns that something is wrong, and nothing of anybody (docs/operations.md).

at_hand.py     the request or the task that this thread works on, and the number by which both are found in the logs
middleware.py  gives each request its number
logs.py        how a line of the log is written: plain, or as JSON; of an error never what it says
reports.py     the same lines, from errors on, to a Sentry, where one is named
asking.py      asking what may never answer
counting.py    counts and times of requests, for Prometheus
figures.py     ours, from the database
"""
