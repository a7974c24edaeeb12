"""Somebody's story: what they kept and wrote, by quarters and years, and what they care about in it. For its owner alone.

`entries` finds the things and gives them their words, `words` what is said of their values, `seasons` puts both beside
one another, `river` draws, `year` fills one printed page. A value's weight is a width in a picture, and is nowhere a number.
"""
