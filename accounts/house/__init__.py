"""What whoever runs the installation sees of it (`/admin/house/`): no figure here says anything of anybody.

findings.py   one thing that was looked at, in a sentence, and whether all is well with it
records.py    what failed and what the clock did, written down as counts
estimates.py  how many rows there are without counting them all
health.py     database, Redis, clock, workers, mail, room on the disks
version.py    of what runs here, and whether its tables are up to date
seen.py       the settings as this process has them; of a secret, whether it is set
keys.py       versions of the key file, and what is wrapped by each
"""
