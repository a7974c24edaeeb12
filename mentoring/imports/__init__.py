"""Import of people and pairings, from a file to places in a program.

    reading.py    bytes to rows: format, encoding and separator are guessed, limits are kept (workbooks.py for XLSX)
    fields.py     what a column can be, and what people call it
    columns.py    which column is which: guessed, or as it was chosen last
    cleaning.py   a row's texts to values, with what is wrong beside each cell (django-import-export, a batch at a time)
    people.py     a batch of people: whom to invite or put in, what to change, whom to leave alone
    pairs.py      a batch of pairs
    running.py    all rows of a file, one batch after the other, in the caller's transaction
    requests.py   what an admin asks for: verbs
    queue.py      the worker: a preview is the real thing, rolled back
    files.py      templates, the file of what is not possible, and reading it again once it is mended

Memory holds a batch of rows, never a file.
"""
