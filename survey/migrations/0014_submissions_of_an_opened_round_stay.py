"""Who an opened round asked is not deleted, whatever was or was not handed in; a trial's submissions are."""

from django.db import migrations

STAY = """
CREATE FUNCTION survey_refuse_opened_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM survey_surveyround WHERE id = OLD.round_id AND state NOT IN ('draft', 'trial')
    ) THEN
        RAISE EXCEPTION 'Kortlægningen er åbnet, så besvarelsen kan ikke slettes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER stays_when_opened BEFORE DELETE ON survey_submission
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_opened_submission();
"""
MAY_GO = """
DROP TRIGGER stays_when_opened ON survey_submission;
DROP FUNCTION survey_refuse_opened_submission();
"""


class Migration(migrations.Migration):
    dependencies = [("survey", "0013_campaign_rows_never_change")]

    operations = [migrations.RunSQL(STAY, MAY_GO)]
