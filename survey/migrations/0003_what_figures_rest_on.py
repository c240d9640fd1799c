"""What an opened round, its seals and its figures rest on stays: the database itself refuses to change it."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION survey_refuse_new_basis() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'En åbnet kortlægning hviler på dette (%)', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION survey_refuse_used_population() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM survey_surveyround WHERE population_date = OLD.date AND state <> 'draft') THEN
        RAISE EXCEPTION 'En åbnet kortlægning hviler på dette folketal'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
TRIGGERS = """
CREATE TRIGGER code_never_changes BEFORE UPDATE OF code ON municipalities_municipality
    FOR EACH ROW WHEN (OLD.code <> NEW.code) EXECUTE FUNCTION survey_refuse_new_basis();

CREATE TRIGGER frozen_when_opened BEFORE UPDATE ON survey_surveyround
    FOR EACH ROW WHEN (
        OLD.state <> 'draft'
        AND (OLD.accounts_year, OLD.price_level, OLD.population_date)
            IS DISTINCT FROM (NEW.accounts_year, NEW.price_level, NEW.population_date)
    ) EXECUTE FUNCTION survey_refuse_new_basis();

CREATE TRIGGER used_population_stays BEFORE UPDATE OR DELETE ON municipalities_populationcount
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_used_population();
"""
REMOVE = """
DROP TRIGGER used_population_stays ON municipalities_populationcount;
DROP TRIGGER frozen_when_opened ON survey_surveyround;
DROP TRIGGER code_never_changes ON municipalities_municipality;
DROP FUNCTION survey_refuse_used_population();
DROP FUNCTION survey_refuse_new_basis();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("survey", "0002_what_is_handed_in_never_changes"),
        ("municipalities", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, REMOVE),
    ]
