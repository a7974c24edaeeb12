"""The keepsake book: what somebody wrote, across programs and years, as a book that is theirs to take along.

book.gather(person, parts, years, now=...)   what stands in it: chapters, sections, pieces
writing.FORMS                                the book as PDF, HTML, Markdown, JSON
making.ask / make / tidy                     asked for, made by a worker, deleted
"""
