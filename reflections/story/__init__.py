"""Somebody's story: what they kept and wrote, by quarters and years, and what they care about in it. It is read by its
owner alone.

`entries` finds the things and gives them their words, `words` knows their values, `seasons` puts both beside one
another, `river` draws, `year` fills one printed page. How wide a strand runs is in the picture, and nowhere a number.
"""
