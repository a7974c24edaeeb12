"""Settings of allauth: how often each door may be tried (docs/operations.md has the table)."""

# How often each door may be tried: so many in so long, by the address a request comes from (`ip`), by the account or
# the e-mail address it is about (`key`), by the person signed in (`user`). Looking at a page is never counted. The
# counts are in Redis, for all web processes together (accounts/cache.py says what holds while it is away).
# docs/operations.md explains the figures; tests/faults/test_guessing.py holds them.
ACCOUNT_RATE_LIMITS = {
    # The form for signing in with a password, right or wrong: stops a flood, since each one costs a slow hash.
    "login": "30/m/ip",
    # Wrong passwords, at the door and of somebody signed in. Codes by e-mail go on working meanwhile.
    "password_failed": "10/m/ip,5/5m/key",
    # allauth's name for wrong codes of an app, and wrong recovery codes.
    "login_failed": "10/m/ip,5/5m/key",
    # Letters with a code for signing in or making an account, the same letter once more included: a mailbox is not
    # flooded, and each code gives three tries, so nobody gets more than nine a minute for one account.
    "request_login_code": "20/m/ip,3/m/key",
    # Wrong codes from e-mails, whatever they are for.
    "code_failed": "10/m/ip",
    "signup": "20/m/ip",
    # Letters with a code for a new password, and then the form with that password.
    "reset_password": "20/m/ip,3/m/key",
    "reset_password_from_key": "20/m/ip",
    # Letters with a code that confirms an address, the same letter once more included.
    "confirm_email": "20/m/ip,1/10s/key",
    # Of somebody signed in: “Is it still you?” in any form, letters with a code for it, and the pages behind it.
    "reauthenticate": "10/m/user",
    "reauthentication_code": "3/5m/user",
    "manage_email": "10/m/user",
    "change_password": "5/m/user",
    # Links of invitations that we do not know.
    "join": "60/h/ip",
    # Links by which somebody answers whether they want to be paired, which we did not make.
    "answer": "60/h/ip",
    # What phones share with the app while nobody is signed in there, each of which we keep for a quarter of an hour.
    "shared_text": "60/h/ip",
    # The buttons behind the link at the foot of one of the calendar's e-mails: a person presses one.
    "nudge": "20/h/key",
    # Links of private calendars that we do not know; and how often the one that we know is fetched.
    "calendar": "60/h/ip",
    "calendar_fetched": "120/h/key",
}
# There is nothing to guess at a passkey; this only keeps somebody from making us check signatures all day.
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}
