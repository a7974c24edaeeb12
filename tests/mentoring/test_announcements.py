"""Writing to the people of a program: to whom, when, with which words, and what stops it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import QuerySet

from accounts.mail import letters, manners
from accounts.mail.models import Message, Stopped, Suppression
from accounts.models import User
from mentoring import actions, announcing
from mentoring.actions import Refused
from mentoring.actions.announcements import LATE
from mentoring.announcement_emails import ANNOUNCEMENT, TEST
from mentoring.announcement_previews import as_it_goes
from mentoring.emails import NOT_RUNNING
from mentoring.models import Addressee, Announcement, Enrollment, Holiday, Meeting, Pairing, Program
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in
from tests.reflections.nudging import at, send_due

pytestmark = pytest.mark.django_db
LISBON, WARSAW = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Warsaw")
HOUR = timedelta(hours=1)


def written(program: Program, by: User, segment: str = "everybody", **more: object) -> Announcement:
    values = {"subject": "We meet in May", "body": "Dear {first_name},\n\ncome to {program}.", **more}
    return actions.keep_announcement(Announcement(program=program, segment=segment, **values), by=by, now=NOW)


def later(program: Program, by: User, segment: str = "everybody", **more: object) -> Announcement:
    """The day after tomorrow, at nine."""
    row = written(program, by, segment, **{"send_on": TODAY + timedelta(days=2), "send_at": time(9), **more})
    actions.send_announcement(row, by=by, now=NOW)
    return row


def meant(announcement: Announcement, now: datetime = NOW) -> set[str]:
    return {reader.first_name for reader in announcing.look(announcement, now).readers}


def owed() -> dict[str, datetime]:
    rows = Message.objects.of(ANNOUNCEMENT).exclude(state="cancelled").select_related("person")
    return {row.person.first_name: row.due_at for row in rows}


def went() -> QuerySet[Message]:
    return Message.objects.of(ANNOUNCEMENT).filter(state="sent")


# --- To whom -------------------------------------------------------------------------------------------------------


def test_each_group_holds_those_whom_it_names(
    program: Program, mentor: User, mentee: User, member: User, pairing: Pairing, admin: User
) -> None:
    alone = make_person("odile@harbor.example", "Odile Renard")
    enroll(program, alone, Enrollment.Role.MENTOR)
    waits = make_person("wen@harbor.example", "Wen Zhao")
    enroll(program, waits, Enrollment.Role.MENTEE, status="waitlisted")
    assert {str(group): meant(written(program, admin, group)) for group in Announcement.NAMED} == {
        "everybody": {"Noor", "Tomasz", "Ines", "Odile"},
        "mentors": {"Noor", "Odile"},
        "mentees": {"Tomasz", "Ines"},
        "mentors_unpaired": {"Odile"},
        "mentees_unpaired": {"Ines"},
        "waitlist": {"Wen"},
        "not_met": {"Noor", "Tomasz"},
    }  # fmt: skip
    two = written(program, admin, "pair", pairing=pairing)
    assert meant(two) == {"Noor", "Tomasz"}


def test_whoever_is_in_a_proposed_pairing_is_not_without_one(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pair(program, mentor, mentee, status="proposed", mentor_accepted_at=None, mentee_accepted_at=None)
    assert meant(written(program, admin, "mentors_unpaired")) == set()
    assert meant(written(program, admin, "mentees_unpaired")) == set()
    Pairing.objects.update(status="requested", mentee_accepted_at=NOW)
    assert meant(written(program, admin, "mentors_unpaired")) == {"Noor"}
    assert meant(written(program, admin, "mentees_unpaired")) == {"Tomasz"}


def test_a_meeting_that_was_planned_and_is_past_counts_whatever_the_two_said_of_it(
    program: Program, pairing: Pairing, admin: User
) -> None:
    row = written(program, admin, "not_met")
    meeting = Meeting.objects.create(pairing=pairing, starts_at=NOW - HOUR, took_place=False, said_at=NOW)
    assert meant(row) == set()
    Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=NOW)
    assert meant(row) == {"Noor", "Tomasz"}


def test_whoever_pauses_left_or_has_no_account_is_left_out_by_that_reason(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    places = {place.person_id: place for place in Enrollment.objects.filter(program=program)}
    row = actions.write_to(places.values(), by=admin, now=NOW)
    Enrollment.objects.filter(person=mentor).update(status="paused")
    Enrollment.objects.filter(person=mentee).update(status="withdrawn")
    User.objects.filter(pk=member.pk).update(is_active=False)
    found = announcing.look(row, NOW)
    assert found.readers == []
    assert found.left_out == {
        str(announcing.PAUSING): ["Noor Haddad"],
        str(announcing.NOT_IN): ["Tomasz Zielinski"],
        str(announcing.NO_ACCOUNT): ["Ines Duarte"],
    }


def test_what_somebody_wishes_of_e_mail_is_told_of_nobody_by_name(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    Stopped.objects.create(person=mentor, stream=announcing.STREAM)
    User.objects.filter(pk=mentee.pk).update(snoozed_until=TODAY + timedelta(days=9))
    Suppression.objects.put(member.pk, member.email, "bounced", now=NOW)
    found = announcing.look(written(program, admin), NOW)
    assert {reader.first_name for reader in found.readers} == {"Noor", "Tomasz", "Ines"}
    assert found.left_out == {}
    assert [reader.first_name for reader in found.unreached] == ["Ines"]
    assert found.ways == {"now": 0, "later": 1, "page": 1}


def test_a_dry_run_takes_as_many_questions_for_many_as_for_one(
    program: Program, mentor: User, admin: User, django_assert_num_queries: object
) -> None:
    row = written(program, admin)
    for number in range(20):
        enroll(program, make_person(f"p{number}@harbor.example", f"P{number} Q"), Enrollment.Role.MENTEE)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert len(announcing.look(row, NOW).readers) == 21


# --- When ----------------------------------------------------------------------------------------------------------


def test_what_goes_now_is_owed_to_exactly_those_of_the_dry_run(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    row = written(program, admin)
    expected = {reader.first_name: reader.due_at for reader in announcing.look(row, NOW).readers}
    assert actions.send_announcement(row, by=admin, now=NOW) == 3
    assert owed() == expected == dict.fromkeys(("Noor", "Tomasz", "Ines"), NOW)
    row.refresh_from_db()
    assert (row.state, row.began_at) == ("sent", NOW)


def test_at_night_it_waits_for_the_morning_of_each(program: Program, mentor: User, admin: User) -> None:
    far = make_person("yuki@harbor.example", "Yuki Tanaka", time_zone="Asia/Tokyo")
    enroll(program, far, Enrollment.Role.MENTEE)
    row = written(program, admin)
    actions.send_announcement(row, by=admin, now=NOW)  # 13:00 in Lisbon, 21:00 in Tokyo.
    assert owed() == {"Noor": NOW, "Yuki": datetime(2026, 6, 24, 7, tzinfo=ZoneInfo("Asia/Tokyo"))}
    row.refresh_from_db()
    assert row.state == "sending"
    actions.plan_announcements(NOW + 12 * HOUR)
    row.refresh_from_db()
    assert row.state == "sent"


def test_a_later_one_goes_at_that_hour_in_each_persons_zone_to_those_who_are_meant_then(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    row = later(program, admin, "mentees")
    assert (row.state, owed()) == ("scheduled", {})
    Enrollment.objects.filter(person=member).update(status="withdrawn")
    nine = datetime(2026, 6, 25, 9, tzinfo=WARSAW)
    assert actions.plan_announcements(nine - timedelta(minutes=1)) == 0
    expected = {reader.first_name: reader.due_at for reader in announcing.look(row, nine).readers}
    assert actions.plan_announcements(nine) == 1
    assert owed() == expected == {"Tomasz": nine}
    assert actions.plan_announcements(nine) == 0
    assert Message.objects.of(ANNOUNCEMENT).count() == 1


@pytest.mark.parametrize(
    ("day", "hour", "zone", "utc"),
    [
        # Lisbon's clock jumps from 01:00 to 02:00, and later falls back from 02:00 to 01:00.
        (date(2026, 3, 29), 1, "Europe/Lisbon", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (date(2026, 10, 25), 1, "Europe/Lisbon", datetime(2026, 10, 25, 0, tzinfo=UTC)),
        (date(2026, 3, 28), 9, "Europe/Lisbon", datetime(2026, 3, 28, 9, tzinfo=UTC)),
        (date(2026, 3, 29), 9, "Europe/Lisbon", datetime(2026, 3, 29, 8, tzinfo=UTC)),
    ],
)
def test_the_hour_is_that_of_the_wall_where_the_clock_is_changed(
    program: Program, admin: User, day: date, hour: int, zone: str, utc: datetime
) -> None:
    row = Announcement(program=program, segment="everybody", send_on=day, send_at=time(hour))
    off = Holiday.objects.days_off([program], NOW)[program.pk]
    assert announcing.due_at(row, ZoneInfo(zone), off, utc - 5 * HOUR) == utc


def test_on_a_holiday_that_was_written_down_since_it_goes_on_the_next_day(
    program: Program, mentor: User, admin: User
) -> None:
    row = later(program, admin)
    day = TODAY + timedelta(days=2)
    Holiday.objects.create(program=program, name="Fair", starts_on=day, ends_on=day)
    nine = datetime(2026, 6, 25, 9, tzinfo=LISBON)
    assert actions.plan_announcements(nine) == 0
    assert announcing.begins_at(row, nine) == nine + timedelta(days=1)
    assert actions.plan_announcements(nine + timedelta(days=1)) == 1


def test_while_its_program_rests_it_waits_and_is_a_draft_again_when_it_is_too_late(
    program: Program, mentor: User, admin: User
) -> None:
    row = later(program, admin)
    nine = datetime(2026, 6, 25, 9, tzinfo=LISBON)
    actions.pause_program(program, by=admin)
    assert actions.plan_announcements(nine + HOUR) == 0
    actions.resume_program(program, by=admin, now=nine + 2 * HOUR)
    assert actions.plan_announcements(nine + LATE + HOUR) == 0
    row.refresh_from_db()
    assert (row.state, owed()) == ("draft", {})
    assert "Its hour has gone by" in announcing.why_it_came_back(row, nine + LATE + HOUR)
    assert announcing.why_it_came_back(row, nine - HOUR) == ""


def test_what_goes_later_does_not_go_in_the_name_of_somebody_who_does_not_run_the_program_any_more(
    program: Program, mentor: User, mentee: User, admin: User, superuser: User
) -> None:
    gone, kept = later(program, admin), later(program, admin)
    kept.subject = "We meet in June"
    actions.keep_announcement(kept, by=superuser, now=NOW)
    program.admins.all().delete()  # type: ignore[attr-defined]
    nine = datetime(2026, 6, 25, 9, tzinfo=LISBON)
    assert actions.plan_announcements(nine) == 1
    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (gone.state, kept.state, kept.author) == ("draft", "sent", superuser)
    assert "does not run the program" in announcing.why_it_came_back(gone, nine)
    assert announcing.signed_by(Announcement.objects.get(pk=gone.pk)) != str(admin)
    shown = as_it_goes(kept, mentee.pk)
    assert shown.answers_to == superuser.email
    assert str(superuser) in shown.text


def test_late_or_taken_up_it_reaches_nobody_at_night(program: Program, mentor: User, admin: User) -> None:
    night = datetime(2026, 6, 24, 2, tzinfo=LISBON)
    with at(NOW):
        actions.send_announcement(written(program, admin), by=admin, now=NOW)
    actions.pause_program(program, by=admin)
    send_due(NOW)
    program.refresh_from_db()
    with at(night):
        actions.resume_program(program, by=admin, now=night)
    send_due(night)
    message = Message.objects.of(ANNOUNCEMENT).get()
    assert (message.state, message.last_error) == ("queued", manners.ASLEEP)
    assert message.next_attempt_at == night + 5 * HOUR
    send_due(night + 5 * HOUR)
    assert went().count() == 1


def test_what_was_changed_since_it_was_read_is_not_sent(program: Program, mentor: User, admin: User) -> None:
    row = written(program, admin)
    other = Announcement.objects.get(pk=row.pk)
    other.body = "Otherwise"
    actions.keep_announcement(other, by=admin, now=NOW + HOUR)
    with pytest.raises(Refused, match="changed since"):
        actions.send_announcement(row, by=admin, now=NOW + HOUR)
    assert owed() == {}


def test_what_was_owed_when_its_program_came_to_rest_goes_when_it_goes_on(
    program: Program, mentor: User, admin: User
) -> None:
    with at(NOW):
        actions.send_announcement(written(program, admin), by=admin, now=NOW)
    actions.pause_program(program, by=admin)
    send_due(NOW + HOUR)
    assert [(row.state, row.last_error) for row in Message.objects.of(ANNOUNCEMENT)] == [
        ("cancelled", NOT_RUNNING)
    ]
    program.refresh_from_db()
    with at(NOW + 2 * HOUR):
        actions.resume_program(program, by=admin, now=NOW + 2 * HOUR)
    send_due(NOW + 3 * HOUR)
    assert went().count() == 1


def test_one_with_which_something_is_wrong_does_not_keep_the_others_waiting(
    program: Program,
    mentor: User,
    admin: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, sound = later(program, admin), later(program, admin)
    look = announcing.look

    def looked(row: Announcement, now: datetime) -> announcing.Audience:
        if row.pk == broken.pk:
            raise ValueError(row.body)
        return look(row, now)

    monkeypatch.setattr(announcing, "look", looked)
    assert actions.plan_announcements(datetime(2026, 6, 25, 9, tzinfo=LISBON)) == 1
    assert f"announcement {broken.pk} could not be begun: ValueError" in caplog.text
    assert broken.body not in caplog.text
    assert "Dear" not in caplog.text
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, sound.state) == ("scheduled", "sent")


# --- What stops it -------------------------------------------------------------------------------------------------


def test_whoever_left_meanwhile_gets_nothing(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    with at(NOW):
        actions.send_announcement(written(program, admin), by=admin, now=NOW)
    Enrollment.objects.filter(person=mentee).update(status="withdrawn")
    send_due(NOW + HOUR)
    assert [row.person_id for row in went()] == [mentor.pk]


def test_whoever_stopped_such_e_mails_reads_it_on_the_page_of_the_program(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    Stopped.objects.create(person=mentee, stream=announcing.STREAM)
    with at(NOW):
        actions.send_announcement(written(program, admin, "mentees"), by=admin, now=NOW)
        send_due(NOW + HOUR)
        assert not went().exists()
        page = signed_in(mentee).get(f"/programs/{program.pk}/").content.decode()
        assert "Dear Tomasz," in page
        assert "come to Harbor Mentors." in page
        assert "Rosa Lind" in page
        assert "We meet in May" not in signed_in(mentor).get(f"/programs/{program.pk}/").content.decode()


def test_stopped_before_its_hour_it_reaches_nobody(program: Program, mentor: User, admin: User) -> None:
    row = later(program, admin)
    actions.stop_announcement(row, by=admin, now=NOW)
    actions.plan_announcements(NOW + timedelta(days=3))
    assert owed() == {}
    with pytest.raises(Refused, match="can be stopped"):
        actions.stop_announcement(row, by=admin, now=NOW)


def test_stopped_on_its_way_it_stays_with_whoever_has_it(program: Program, mentor: User, admin: User) -> None:
    far = make_person("yuki@harbor.example", "Yuki Tanaka", time_zone="Asia/Tokyo")
    enroll(program, far, Enrollment.Role.MENTEE)
    row = written(program, admin)
    with at(NOW):
        actions.send_announcement(row, by=admin, now=NOW)
    send_due(NOW)
    actions.stop_announcement(row, by=admin, now=NOW + HOUR)
    send_due(NOW + timedelta(days=1))
    assert [message.person_id for message in went()] == [mentor.pk]
    assert [found.person_id for found in Addressee.objects.all()] == [mentor.pk]


def test_a_draft_is_sent_once(program: Program, mentor: User, admin: User) -> None:
    row = written(program, admin)
    actions.send_announcement(row, by=admin, now=NOW)
    with pytest.raises(Refused, match="no draft any more"):
        actions.send_announcement(row, by=admin, now=NOW)
    with pytest.raises(Refused, match="gone out"):
        actions.keep_announcement(row, by=admin, now=NOW)
    assert Message.objects.of(ANNOUNCEMENT).count() == 1


def test_words_are_changed_until_it_goes(program: Program, mentor: User, admin: User) -> None:
    row = later(program, admin)
    row.subject, row.segment = "We meet in June", "mentees"
    actions.keep_announcement(row, by=admin, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.subject, row.segment) == ("scheduled", "We meet in June", "everybody")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"subject": ""}, "subject and a text"),
        ({"body": "Dear {nobody},"}, "no variable"),
        ({"segment": "waitlist"}, "reach nobody"),
        ({"send_on": date(2026, 6, 22), "send_at": time(9)}, "gone by"),
    ],
)
def test_what_lacks_something_is_not_sent(
    program: Program, mentor: User, admin: User, changes: dict[str, object], why: str
) -> None:
    row = written(program, admin, **{"segment": "everybody", **changes})  # type: ignore[arg-type]
    with pytest.raises(Refused, match=why):
        actions.send_announcement(row, by=admin, now=NOW)
    assert owed() == {}


def test_a_program_that_rests_writes_to_nobody(program: Program, mentor: User, admin: User) -> None:
    row = written(program, admin)
    actions.pause_program(program, by=admin)
    row.refresh_from_db()
    with pytest.raises(Refused, match="active"):
        actions.send_announcement(row, by=admin, now=NOW)


def test_nobody_writes_in_the_name_of_a_program_that_they_do_not_run(
    program: Program, mentor: User, admin: User, other_admin: User
) -> None:
    row = written(program, admin)
    for act in (
        lambda by: written(program, by),
        lambda by: actions.write_to(program.enrollments.all(), by=by, now=NOW),  # type: ignore[attr-defined]
        lambda by: actions.send_announcement(row, by=by, now=NOW),
        lambda by: actions.stop_announcement(row, by=by, now=NOW),
        lambda by: actions.copy_announcement(row, by=by, now=NOW),
        lambda by: actions.send_announcement_test(row, by=by, now=NOW),
    ):
        for person in (other_admin, mentor):
            with pytest.raises(Refused, match="Only those who run"):
                act(person)


def test_people_of_two_programs_are_not_written_to_at_once(
    program: Program, other_program: Program, mentor: User, superuser: User
) -> None:
    enroll(other_program, mentor, Enrollment.Role.MENTOR)
    with pytest.raises(Refused, match="one program"):
        actions.write_to(Enrollment.objects.select_related("program"), by=superuser, now=NOW)


# --- Its words -----------------------------------------------------------------------------------------------------


def test_the_e_mail_is_in_the_words_and_the_name_of_whoever_wrote_it_and_answers_go_to_them(
    program: Program, mentor: User, mentee: User, pairing: Pairing, admin: User
) -> None:
    row = written(
        program, admin, subject="For {first_name}", body="Greet {partner} & see https://example.org/a"
    )
    shown = as_it_goes(row, mentee.pk)
    assert shown.subject == "For Tomasz"
    assert "Greet Noor & see https://example.org/a" in shown.text
    assert '<a href="https://example.org/a"' in shown.html
    assert "Rosa Lind" in shown.text
    assert shown.sender.startswith('"Rosa Lind, Harbor Mentors"')
    assert shown.answers_to == admin.email
    assert not Message.objects.exists()


def test_markup_in_the_words_stays_words(program: Program, mentee: User, admin: User) -> None:
    row = written(program, admin, body="<script>alert(1)</script> <b>now</b>")
    assert "<script>" not in as_it_goes(row, mentee.pk).html
    with at(NOW):
        actions.send_announcement(row, by=admin, now=NOW)
        page = signed_in(mentee).get(f"/programs/{program.pk}/announcements/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;now" in page


@pytest.mark.parametrize("number", [0, 2])
def test_whoever_has_no_one_partner_reads_words_instead_of_a_name(
    program: Program, mentor: User, mentee: User, member: User, admin: User, number: int
) -> None:
    for person in (mentee, member)[:number]:
        pair(program, mentor, person)
    row = written(program, admin, body="Greet {partner}.")
    assert announcing.read_by(mentor, row).words == "Greet whoever you are paired with."
    readers = [reader.person_id for reader in announcing.look(row, NOW).readers]
    assert set(announcing.partners(program, readers)) == ({mentee.pk, member.pk} if number else set())


def test_answers_to_somebody_who_does_not_run_the_program_any_more_go_to_its_contact(
    program: Program, mentee: User, admin: User
) -> None:
    row = written(program, admin)
    Program.objects.filter(pk=program.pk).update(contact_email="office@harbor.example")
    program.admins.all().delete()  # type: ignore[attr-defined]
    row = Announcement.objects.get(pk=row.pk)
    assert as_it_goes(row, mentee.pk).answers_to == "office@harbor.example"


def test_a_test_goes_to_oneself_and_five_an_hour_are_enough(program: Program, admin: User) -> None:
    row = written(program, admin)
    for _number in range(5):
        actions.send_announcement_test(row, by=admin, now=NOW)
    assert {message.person_id for message in Message.objects.of(TEST)} == {admin.pk}
    message = Message.objects.of(TEST).select_related("person").earliest("pk")
    assert "Dear Rosa," in str(letters.compose(message).body)
    with pytest.raises(Refused, match="Five tests"):
        actions.send_announcement_test(row, by=admin, now=NOW)


def test_a_copy_is_a_draft_of_ones_own_without_its_hour(
    program: Program, mentor: User, admin: User, superuser: User
) -> None:
    row = later(program, admin)
    made = actions.copy_announcement(row, by=superuser, now=NOW)
    assert (made.state, made.author, made.subject, made.send_on) == ("draft", superuser, row.subject, None)


def test_how_many_had_another_within_a_week_is_counted(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    actions.send_announcement(written(program, admin, "mentees"), by=admin, now=NOW)
    row = written(program, admin)
    for days, number in ((1, 1), (8, 0)):
        now = NOW + timedelta(days=days)
        assert announcing.had_another_lately(row, announcing.look(row, now).readers, now) == number


# --- On the page of the program -----------------------------------------------------------------------------------


def test_it_is_on_the_page_from_its_hour_on(program: Program, mentor: User, admin: User) -> None:
    row = written(program, admin)
    night = datetime(2026, 6, 23, 23, tzinfo=LISBON)
    actions.send_announcement(row, by=admin, now=night)
    visible = Announcement.objects.visible_to
    assert not visible(mentor, night).exists()
    assert visible(mentor, night + 9 * HOUR).get() == row


def test_the_page_takes_as_many_questions_for_many_as_for_one(
    program: Program, mentee: User, pairing: Pairing, admin: User, django_assert_max_num_queries: object
) -> None:
    client = signed_in(mentee)
    for number in range(9):
        row = written(program, admin, subject=f"Number {number}", body="Greet {partner}.")
        actions.send_announcement(row, by=admin, now=NOW)
    with at(NOW):
        client.get(f"/programs/{program.pk}/announcements/")
        with django_assert_max_num_queries(20):  # type: ignore[operator]
            page = client.get(f"/programs/{program.pk}/announcements/").content.decode()
    assert page.count("Greet Noor.") == 9
