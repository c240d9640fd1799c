"""What a page showed at a time rests on the imports recorded by then: a later count is a new import."""

from django.db import migrations

TRIGGERS = """
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON reporting_arrivalsimport
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_new_basis();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON reporting_arrivalscount
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_new_basis();
"""
REMOVE = """
DROP TRIGGER only_added ON reporting_arrivalscount;
DROP TRIGGER only_added ON reporting_arrivalsimport;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0004_arrivals"),
        ("survey", "0003_what_figures_rest_on"),
    ]

    operations = [migrations.RunSQL(TRIGGERS, REMOVE)]
