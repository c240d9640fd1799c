"""An opened round never becomes a draft or a trial again: all that is frozen at the opening is judged by its state."""

from django.db import migrations

STAYS = """
CREATE FUNCTION survey_refuse_unopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Kortlægningen er åbnet og bliver ikke kladde eller prøve igen'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER stays_opened BEFORE UPDATE ON survey_surveyround
    FOR EACH ROW WHEN (OLD.state NOT IN ('draft', 'trial') AND NEW.state IN ('draft', 'trial'))
    EXECUTE FUNCTION survey_refuse_unopening();
"""
MAY_GO_BACK = """
DROP TRIGGER stays_opened ON survey_surveyround;
DROP FUNCTION survey_refuse_unopening();
"""


class Migration(migrations.Migration):
    dependencies = [("survey", "0016_mails_of_extensions")]

    operations = [migrations.RunSQL(STAYS, MAY_GO_BACK)]
