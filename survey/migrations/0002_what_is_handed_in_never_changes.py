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
TRIGGER = """
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("survey", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION survey_refuse_change();"),
        *[
            migrations.RunSQL(
                TRIGGER.format(table=table), f"DROP TRIGGER never_changes ON {table};"
            )
            for table in TABLES
        ],
    ]
