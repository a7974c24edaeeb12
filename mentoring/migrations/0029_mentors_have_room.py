from django.db import migrations

# What actions check under their locks, said once more where nothing gets past it: a pairing that takes up a place is
# only begun while the mentor has one. Two that come at once wait for each other at the mentor's row. A smaller
# capacity ends no pairing, so the count is looked at only when one begins to take up a place.
GUARD = """
CREATE FUNCTION mentoring_mentor_has_room() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    room integer;
    taken integer;
BEGIN
    IF NEW.status NOT IN ('proposed', 'accepted', 'active', 'paused') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.status IN ('proposed', 'accepted', 'active', 'paused')
            AND OLD.mentor_id = NEW.mentor_id AND OLD.program_id = NEW.program_id THEN
            RETURN NEW;
        END IF;
    END IF;
    SELECT capacity INTO room FROM mentoring_enrollment
        WHERE program_id = NEW.program_id AND person_id = NEW.mentor_id FOR NO KEY UPDATE;
    IF room IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT count(*) INTO taken FROM mentoring_pairing
        WHERE program_id = NEW.program_id AND mentor_id = NEW.mentor_id AND id <> NEW.id
        AND status IN ('proposed', 'accepted', 'active', 'paused');
    IF taken >= room THEN
        RAISE EXCEPTION 'no room for another mentee' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'pairing_mentor_has_room', TABLE = 'mentoring_pairing';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pairing_mentor_has_room
    BEFORE INSERT OR UPDATE OF status, mentor_id, program_id ON mentoring_pairing
    FOR EACH ROW EXECUTE FUNCTION mentoring_mentor_has_room();
"""
NO_GUARD = """
DROP TRIGGER pairing_mentor_has_room ON mentoring_pairing;
DROP FUNCTION mentoring_mentor_has_room();
"""


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0028_fit_checks")]

    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
