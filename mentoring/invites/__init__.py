"""A pair's meetings as calendars know them: invitations, replies, a feed, and times that suit both (docs/calendar.md).

Plain values in, bytes or values out: no Django, no database, no clock and no texts of its own.

- `meeting`: what is met about, when and with whom; a series of meetings
- `zones`: a time zone as calendars want it (VTIMEZONE)
- `messages`: REQUEST, CANCEL and the feed, as bytes (RFC 5545, 5546, 7986)
- `mail`: how an e-mail carries them (RFC 6047), and where one that came in has them
- `replies`: who answered what to which version, and whether it still counts
- `times`: a few starts within everybody's usual hours
"""
