"""The outbox: e-mail that is owed, claimed, fenced and sent. The database is the queue; docs/mail.md says how and why.

Owing (in the transaction of the action that causes it; any number of times, it is owed once):

    from accounts.mail import outbox
    outbox.owe(kind, person_id, subject_id, *, due_at, expires_at) -> bool         True if it was not owed before
    outbox.owe_many(rows: Iterable[outbox.Owed]) -> int                            one INSERT; how many were new
        outbox.Owed(kind, person_id, subject_id, due_at, expires_at)
    outbox.cancel(*kinds, subject_id, person_id=None, reason="") -> int            what waits is not sent
    outbox.move(message, *, due_at, expires_at=None) -> bool                       only while it waits

Kinds (from AppConfig.ready() of whoever owes them):

    from accounts.mail.kinds import Always, Kind, Letter, Stream, Unrenderable, register
    Stream(name, label, description)            what a person can stop: "reflections", "pairings"; texts are lazy
    Kind(name, stream, label, render, conditions=(), always=None)
        stream: Stream | None                   None: cannot be stopped, carries no List-Unsubscribe, waits for nobody's
                                                snooze or calm hours (manners.py); the settings page lists it with
                                                `always`: Always(label, why), which kinds that are alike share
        render: (Message) -> Letter             made from ids when the message is claimed, in its person's language
                                                and time zone
        conditions: ((reason, Q), ...)          each Q over Message says "still wanted"; checked again in the fence.
                                                May hold Exists(...) with OuterRef("person_id") and
                                                OuterRef("subject_id"); the reason is a word for the list of messages
    Letter(subject, text, html, from_name, thread="", list_id="", list_name="", headers={})
        thread: any words that all letters of one thread share, such as f"reflection/{person_id}/{round_id}"
        list_id: such as "reflections.harbor" (the host is added); list_name: what stands before it
    Unrenderable(reason)                        raised by render: there is nothing to say (any more); CANCELLED, no
                                                retry. Any other exception is a defect: the message is tried again
                                                later, and after five in a row its kind is left alone for that run.
    kinds.get(name) -> Kind;  kinds.streams() -> tuple[Stream, ...]

    In a template of a letter: `message.stop_url` (the page that stops its stream; "" where it cannot be stopped), and
    accounts.mail.links.absolute("reflections:open", 7) -> PUBLIC_BASE_URL + path: the only way a link gets into mail.

Looking and stopping:

    Message.objects.visible_to(user)            one's own;  .due(), .of(*kinds, subject_id=...)
    Stopped.objects.stop(person_id, stream_name) / .start(person_id, stream_name) / .names_of(person_id) -> set[str]
    MailLink.objects.issue(person_id, purpose, *, now, message=None, lives=...) -> token;  .find(token, purpose, *, now)

Sending (outside any transaction):

    outbox.send_owed(*, limit=None, seconds=None, stop=lambda: False) -> Counter[str]    how many ended in each state
    tasks.send_owed.delay()  or  manage.py outbox [--once | --loop SECONDS]
    letters.compose(message) -> EmailMultiAlternatives                                   for previews and tests
"""
