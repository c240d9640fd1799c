"""A submission keeps the region that its municipality had when the round opened."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE survey_submission s SET region_id = m.region_id
FROM municipalities_municipality m WHERE m.id = s.municipality_id;
SET CONSTRAINTS ALL IMMEDIATE; -- a table is not altered while its foreign keys are still to be checked
"""
TRIGGER = """
CREATE TRIGGER region_of_a_submission_stays BEFORE UPDATE OF region_id ON survey_submission
    FOR EACH ROW WHEN (OLD.region_id <> NEW.region_id) EXECUTE FUNCTION survey_refuse_new_basis();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("survey", "0005_adjustments_are_only_added"),
        ("municipalities", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "submission",
            "region",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="municipalities.region"
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            "submission",
            "region",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="municipalities.region"
            ),
        ),
        migrations.RunSQL(
            TRIGGER, "DROP TRIGGER region_of_a_submission_stays ON survey_submission;"
        ),
    ]
