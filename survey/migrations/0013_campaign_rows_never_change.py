"""What a campaign's rows promise, kept by the database: logs are only added to, what is opened is fixed,
and nothing is handed in before a round is opened."""

from django.db import migrations

ADDED_ONLY = ("survey_roundevent", "survey_extension", "survey_roundmail", "survey_chasenote")

FIRST_VERSION = "UPDATE survey_surveyround SET questionnaire_version = 1 WHERE accounts_year < 2025;"

# With trials, "not opened" is two states; and the questionnaire's version is frozen too.
FROZEN = """
DROP TRIGGER frozen_when_opened ON survey_surveyround;
CREATE TRIGGER frozen_when_opened BEFORE UPDATE ON survey_surveyround
    FOR EACH ROW WHEN (
        OLD.state NOT IN ({not_opened})
        AND (OLD.accounts_year, OLD.price_level, OLD.population_date{version_old})
            IS DISTINCT FROM (NEW.accounts_year, NEW.price_level, NEW.population_date{version_new})
    ) EXECUTE FUNCTION survey_refuse_new_basis();

CREATE OR REPLACE FUNCTION survey_refuse_used_population() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM survey_surveyround WHERE population_date = OLD.date AND state NOT IN ({not_opened})
    ) THEN
        RAISE EXCEPTION 'En åbnet kortlægning hviler på dette folketal'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
NOW = FROZEN.format(
    not_opened="'draft', 'trial'",
    version_old=", OLD.questionnaire_version",
    version_new=", NEW.questionnaire_version",
)
BEFORE = FROZEN.format(not_opened="'draft'", version_old="", version_new="")

IMPORTED = """
CREATE TRIGGER imported_population_stays BEFORE UPDATE OR DELETE ON municipalities_populationcount
    FOR EACH ROW WHEN (OLD.population_import_id IS NOT NULL) EXECUTE FUNCTION survey_refuse_change();
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON municipalities_populationimport
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_change();
"""
NOT_IMPORTED = """
DROP TRIGGER never_changes ON municipalities_populationimport;
DROP TRIGGER imported_population_stays ON municipalities_populationcount;
"""

# A trial's answers never count: no version can stand under a round that is not opened.
OPENED_ONLY = """
CREATE FUNCTION survey_refuse_unopened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM survey_submission s JOIN survey_surveyround r ON r.id = s.round_id
        WHERE s.id = NEW.submission_id AND r.state IN ('draft', 'trial')
    ) THEN
        RAISE EXCEPTION 'Kortlægningen er ikke åbnet, så intet kan indsendes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER is_of_an_opened_round BEFORE INSERT ON survey_submissionversion
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_unopened();
"""
NOT_OPENED_ONLY = """
DROP TRIGGER is_of_an_opened_round ON survey_submissionversion;
DROP FUNCTION survey_refuse_unopened();
"""

GUIDANCE = """
CREATE FUNCTION survey_refuse_new_guidance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM survey_surveyround
        WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.round_id ELSE NEW.round_id END
            AND state NOT IN ('draft', 'trial')
    ) THEN
        RAISE EXCEPTION 'Kortlægningen er åbnet, så vejledningen ligger fast'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER fixed_when_opened BEFORE INSERT OR UPDATE OR DELETE ON survey_guidancetext
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_new_guidance();
"""
NO_GUIDANCE = """
DROP TRIGGER fixed_when_opened ON survey_guidancetext;
DROP FUNCTION survey_refuse_new_guidance();
"""

# What was written in a trial goes with it; every other message stays.
MESSAGES = """
CREATE FUNCTION survey_refuse_message_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM survey_submission s JOIN survey_surveyround r ON r.id = s.round_id
        WHERE s.id = OLD.submission_id AND r.state = 'trial'
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Det indsendte kan ikke ændres eller slettes (%)', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER never_changes ON survey_message;
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON survey_message
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_message_change();
"""
MESSAGES_BEFORE = """
DROP TRIGGER never_changes ON survey_message;
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON survey_message
    FOR EACH ROW EXECUTE FUNCTION survey_refuse_change();
DROP FUNCTION survey_refuse_message_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("survey", "0012_campaign"),
        ("municipalities", "0005_contacts_and_versions_of_populations"),
    ]

    operations = [
        # The old trigger watches only the columns that it names, so the opened rounds can be given theirs.
        migrations.RunSQL(FIRST_VERSION, migrations.RunSQL.noop),
        migrations.RunSQL(NOW, BEFORE),
        migrations.RunSQL(IMPORTED, NOT_IMPORTED),
        migrations.RunSQL(OPENED_ONLY, NOT_OPENED_ONLY),
        migrations.RunSQL(GUIDANCE, NO_GUIDANCE),
        migrations.RunSQL(MESSAGES, MESSAGES_BEFORE),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION survey_refuse_change();",
                f"DROP TRIGGER never_changes ON {table};",
            )
            for table in ADDED_ONLY
        ],
    ]
