"""Mail that comes in, whichever door it came through: one path, `delivery.deliver(content, recipient, now)`.

`addresses` has the addresses with a token that we give out; `inboxes` is where an app registers what it takes.
Who an e-mail is from, and whether a machine sent it, is decided once for all of them (`accounts.mail.authenticity`).
"""
