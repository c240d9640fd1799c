"""What is only added to cannot be emptied either, and the trail over all events is read newest first."""

from django.db import migrations

EVENTS = (
    "municipalities_membershipevent",
    "municipalities_municipalityevent",
    "municipalities_userevent",
    "reporting_pricerateevent",
    "survey_adjustmentevent",
    "survey_initiativeevent",
    "survey_jobevent",
    "survey_reviewassignmentevent",
    "survey_ruleretirementevent",
    "survey_submissionareaevent",
    "survey_submissionchange",
    "survey_surveyroundevent",
    "survey_warningreasonevent",
)
# All whose rows a trigger keeps; emptying what these point at empties them too, and is refused with it.
KEPT = (
    *EVENTS,
    "municipalities_populationcount",
    "municipalities_populationimport",
    "reporting_arrivalscount",
    "reporting_arrivalsimport",
    "reporting_pricerate",
    "reporting_publication",
    "reporting_publication_rates",
    "survey_adjustment",
    "survey_chasenote",
    "survey_extension",
    "survey_message",
    "survey_passedwarning",
    "survey_reportedinitiative",
    "survey_roundevent",
    "survey_roundmail",
    "survey_ruleretirement",
    "survey_submissionevent",
    "survey_submissionversion",
)
FUNCTION = """
CREATE FUNCTION reporting_refuse_emptying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Tabellen kan ikke tømmes (%)', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
TRIGGER = """
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_refuse_emptying();
"""
# Newest first, of one person, of one request, and the one before of the same row: what reporting/audit/
# asks for. Without the last, PostgreSQL goes back through the whole table for the first event of a row.
INDEXES = """
CREATE INDEX {table}_at ON {table} (pgh_created_at);
CREATE INDEX {table}_by ON {table} ((pgh_context ->> 'user'), pgh_created_at) WHERE pgh_context IS NOT NULL;
CREATE INDEX {table}_request ON {table} (pgh_context_id) WHERE pgh_context_id IS NOT NULL;
CREATE INDEX {table}_row ON {table} (pgh_obj_id, pgh_id);
"""
NO_INDEXES = "DROP INDEX {table}_at, {table}_by, {table}_request, {table}_row;"


class Migration(migrations.Migration):
    dependencies = [
        ("municipalities", "0006_every_change_is_an_event"),
        ("reporting", "0010_every_change_is_an_event"),
        ("survey", "0020_every_change_is_an_event"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION reporting_refuse_emptying();"),
        *[
            migrations.RunSQL(TRIGGER.format(table=table), f"DROP TRIGGER never_emptied ON {table};")
            for table in KEPT
        ],
        *[migrations.RunSQL(INDEXES.format(table=one), NO_INDEXES.format(table=one)) for one in EVENTS],
    ]
