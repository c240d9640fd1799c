"""Versions, their initiatives and the events are added and never changed: the database itself refuses."""

from django.db import migrations

TABLES = ("survey_submissionversion", "survey_reportedinitiative", "survey_submissionevent")

FUNCTION = """
CREATE FUNCTION survey_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Det indsendte kan ikke ændres eller slettes (%)', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
# Positions are unique in a version, so no more than its count of initiatives can ever stand in it.
COMPLETE = """
CREATE FUNCTION survey_refuse_addition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.position NOT BETWEEN 1
        AND (SELECT initiative_count FROM survey_submissionversion WHERE id = NEW.version_id)
    THEN
        RAISE EXCEPTION 'Der kan ikke føjes mere til det indsendte'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER is_of_its_version BEFORE INSERT ON survey_reportedinitiative
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_addition();
"""
TRIGGER = """
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("survey", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION survey_refuse_change();"),
        migrations.RunSQL(
            COMPLETE,
            "DROP TRIGGER is_of_its_version ON survey_reportedinitiative;"
            "DROP FUNCTION survey_refuse_addition();",
        ),
        *[
            migrations.RunSQL(
                TRIGGER.format(table=table), f"DROP TRIGGER never_changes ON {table};"
            )
            for table in TABLES
        ],
    ]
