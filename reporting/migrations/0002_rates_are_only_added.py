"""Figures as at a time rest on the rates recorded by then: a correction is a new row."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON reporting_pricerate
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_new_basis();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0001_initial"),
        ("survey", "0003_what_figures_rest_on"),
    ]

    operations = [migrations.RunSQL(TRIGGER, "DROP TRIGGER only_added ON reporting_pricerate;")]
