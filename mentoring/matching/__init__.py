"""Who fits whom: the best pairs there are, the proof that they are, and why, in words.

    proposal = propose(Matching(mentees=..., mentors=..., criteria=...))
    proposal.check()                                     # raises NotProven unless it is the best
    Words().of_pair(reasons(proposal.matching, pair), Reader.MENTEE, "Yuki", "Greta")

Plain values in, plain values out: no Django, no database, no clock. docs/matching.md says how it works.
"""
