"""An import's counts are written by one statement: none can be added to it later."""

from django.db import migrations, models

TRIGGER = """
CREATE FUNCTION reporting_refuse_later_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM reporting_arrivalscount
        WHERE arrivals_import_id IN (SELECT arrivals_import_id FROM added)
            AND id NOT IN (SELECT id FROM added)
    ) THEN
        RAISE EXCEPTION 'Der kan ikke føjes mere til det, der er indlæst'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER written_at_once AFTER INSERT ON reporting_arrivalscount
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_refuse_later_counts();
"""
REMOVE = """
DROP TRIGGER written_at_once ON reporting_arrivalscount;
DROP FUNCTION reporting_refuse_later_counts();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0008_rates_are_plausible")]

    operations = [
        migrations.RemoveConstraint("arrivalscount", "arrivals_period_is_a_period"),
        migrations.AddConstraint(
            "arrivalscount",
            models.CheckConstraint(
                condition=models.Q(
                    period__regex="^(?:19[89][0-9]|20[0-9]{2}|2100)(H[12]|K[1-4]|M(0[1-9]|1[0-2]))?$"
                ),
                name="arrivals_period_is_a_period",
                violation_error_message="Perioden skrives som 2016, 2016H1, 2016K1 eller 2016M01.",
            ),
        ),
        migrations.RunSQL(TRIGGER, REMOVE),
    ]
