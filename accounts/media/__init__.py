"""Where pictures and files lie: in their rows, in a folder that all machines share, or in an S3-compatible store.

    setting.py   what MEDIA says, and what the start refuses. No Django, since the settings ask it before there is any
    stores.py    the folder and the bucket: put, get, remove, list. They know names and bytes and nothing of anybody
    files.py     for models and views: put a file, read one of a row of either kind; which models have files
    tidying.py   what no row names any more, removed by the tick
    moving.py    what is there, brought to where MEDIA says; what is missing or left over

A file is put before the row that names it commits, and removed after the commit that let it go, which the database
itself notes (`ForgottenFile`). So a crash leaves a file without a row, for a day, and never a row without its file.
"""
