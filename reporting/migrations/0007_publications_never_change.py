"""What is published stays as it is for ever, and a revision is of the same round: the database refuses else."""

from django.db import migrations

CREATE = """
CREATE FUNCTION reporting_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Det offentliggjorte kan ikke ændres eller slettes (%)', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION reporting_refuse_other_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM reporting_publication
        WHERE id = NEW.revises_id AND round_id = NEW.round_id AND number < NEW.number
    ) THEN
        RAISE EXCEPTION 'En opgørelse reviderer en tidligere af samme kortlægning'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON reporting_publication
    FOR EACH ROW EXECUTE FUNCTION reporting_refuse_change();
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON reporting_publication_rates
    FOR EACH ROW EXECUTE FUNCTION reporting_refuse_change();
CREATE TRIGGER revises_its_own_round BEFORE INSERT ON reporting_publication
    FOR EACH ROW WHEN (NEW.revises_id IS NOT NULL) EXECUTE FUNCTION reporting_refuse_other_round();
"""
REMOVE = """
DROP TRIGGER revises_its_own_round ON reporting_publication;
DROP TRIGGER never_changes ON reporting_publication_rates;
DROP TRIGGER never_changes ON reporting_publication;
DROP FUNCTION reporting_refuse_other_round();
DROP FUNCTION reporting_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0006_publications")]

    operations = [migrations.RunSQL(CREATE, REMOVE)]
