"""The ministry's corrections are added, and never changed or deleted: the database itself refuses."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("survey", "0004_adjustments")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON survey_adjustment "
            "FOR EACH ROW EXECUTE FUNCTION survey_refuse_change();",
            "DROP TRIGGER never_changes ON survey_adjustment;",
        )
    ]
