from django.db import migrations

# What is written down stays as it is, whoever asks: the owner of the table too. The one door is the function below. It
# takes no argument, deletes nothing of the last two years (the trigger looks again at each row), and what it did is an
# entry itself.
GUARD = """
CREATE FUNCTION accounts_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF current_setting('best_stuff.audit_door', true) = 'open' AND OLD.at < now() - interval '2 years' THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit log is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_stays();
CREATE TRIGGER audit_entries_stay_all BEFORE TRUNCATE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_stays();

CREATE FUNCTION accounts_audit_forget() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    gone integer;
BEGIN
    PERFORM set_config('best_stuff.audit_door', 'open', true);
    DELETE FROM accounts_auditentry WHERE at < now() - interval '2 years';
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('best_stuff.audit_door', '', true);
    IF gone > 0 THEN
        INSERT INTO accounts_auditentry (route, verb, action, object_type, object_id, subject_ids, fields, number)
            VALUES ('other', 'forgotten', '', 'accounts.auditentry', '', '{}', '{}', gone);
    END IF;
    RETURN gone;
END $$;
"""
NO_GUARD = """
DROP FUNCTION accounts_audit_forget();
DROP TRIGGER audit_entries_stay_all ON accounts_auditentry;
DROP TRIGGER audit_entries_stay ON accounts_auditentry;
DROP FUNCTION accounts_audit_stays();
"""

# A change of rights is written down where it happens, so that none gets past it: neither a command, nor a shell, nor
# somebody at the database. Who it was stands in settings of the transaction (accounts/audit.py), where it was a request.
RIGHTS = """
CREATE FUNCTION accounts_audit_right(verb text, kind text, pk bigint, program bigint, subject bigint)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO accounts_auditentry
        (actor_id, route, verb, action, object_type, object_id, program_id, subject_ids, fields)
    VALUES (
        NULLIF(current_setting('best_stuff.actor', true), '')::bigint,
        COALESCE(NULLIF(current_setting('best_stuff.route', true), ''), 'other'),
        verb, '', kind, pk::text, program, ARRAY[subject], '{}'
    );
$$;
CREATE FUNCTION accounts_user_rights() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.is_superuser THEN
            PERFORM accounts_audit_right('superuser_no_more', 'accounts.user', OLD.id, NULL, OLD.id);
        END IF;
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.is_superuser THEN
            PERFORM accounts_audit_right('superuser', 'accounts.user', NEW.id, NULL, NEW.id);
        END IF;
        RETURN NULL;
    END IF;
    IF OLD.is_superuser <> NEW.is_superuser THEN
        PERFORM accounts_audit_right(
            CASE WHEN NEW.is_superuser THEN 'superuser' ELSE 'superuser_no_more' END,
            'accounts.user', NEW.id, NULL, NEW.id);
    END IF;
    IF OLD.is_active <> NEW.is_active THEN
        PERFORM accounts_audit_right(
            CASE WHEN NEW.is_active THEN 'enabled' ELSE 'disabled' END, 'accounts.user', NEW.id, NULL, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER user_rights_are_on_record AFTER INSERT OR DELETE OR UPDATE OF is_superuser, is_active ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION accounts_user_rights();
"""
NO_RIGHTS = """
DROP TRIGGER user_rights_are_on_record ON accounts_user;
DROP FUNCTION accounts_user_rights();
DROP FUNCTION accounts_audit_right(text, text, bigint, bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0040_audit_log")]

    operations = [migrations.RunSQL(GUARD, NO_GUARD), migrations.RunSQL(RIGHTS, NO_RIGHTS)]
