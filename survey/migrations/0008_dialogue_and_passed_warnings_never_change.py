"""Messages and passed warnings are added, and never changed or deleted: the database itself refuses."""

from django.db import migrations

TABLES = ("survey_message", "survey_passedwarning")


class Migration(migrations.Migration):
    dependencies = [("survey", "0007_workspace")]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION survey_refuse_change();",
            f"DROP TRIGGER never_changes ON {table};",
        )
        for table in TABLES
    ]
