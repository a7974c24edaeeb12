"""Private words, sealed at rest: AES-256-GCM, one data key for each person, wrapped by a key outside the database.

    keyfile.py    the key file: read, checked, written. No Django, since the settings ask it before there is any
    keyring.py    what the file holds now, for wrapping data keys
    sealing.py    words to bytes and back, bound to their row, column and owner. Plain values
    data_keys.py  a person's key: made on first need, opened, remembered for seconds, renewed
    fields.py     `Sealed` and `SealedText`: how a model has sealed words (docs/architecture.md, "How to seal a field")
    reading.py    for pages and searches: the words, or the sentence that they cannot be read
    rotation.py   another key for the file, every data key under it, the old one out
    apart.py      the wrapped keys, backed up apart from the database
    checks.py     what the start refuses

Nothing here logs, and no error, repr or message holds words or keys.
"""
