from django.db import migrations

# As the rights of accounts are (accounts/migrations/0041_audit_log_is_append_only.py): who runs a program is a row.
RIGHTS = """
CREATE FUNCTION mentoring_programadmin_rights() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.person_id = NEW.person_id AND OLD.program_id = NEW.program_id THEN
            RETURN NULL;
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM accounts_audit_right(
            'runs_no_more', 'mentoring.programadmin', OLD.id, OLD.program_id, OLD.person_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM accounts_audit_right('runs', 'mentoring.programadmin', NEW.id, NEW.program_id, NEW.person_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER programadmin_rights_are_on_record AFTER INSERT OR UPDATE OR DELETE ON mentoring_programadmin
    FOR EACH ROW EXECUTE FUNCTION mentoring_programadmin_rights();
"""
NO_RIGHTS = """
DROP TRIGGER programadmin_rights_are_on_record ON mentoring_programadmin;
DROP FUNCTION mentoring_programadmin_rights();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0041_audit_log_is_append_only"),
        ("mentoring", "0140_announcements"),
    ]

    operations = [migrations.RunSQL(RIGHTS, NO_RIGHTS)]
