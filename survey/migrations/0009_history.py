"""Each change of an initiative or an area is an event, written by triggers (docs/questionnaire.md)."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


# What stands already, so that its first change has something to be compared with.
COLUMNS = """
    id, uuid, service_area, title, gross_expenditure, gross_income, funding_sources, legal_basis,
    primary_target_group, secondary_target_group, content, purpose, time_horizon, target_share,
    target_share_unknown, expenditure_basis, income_basis, scope, scope_reason, submission_id
"""
BASELINE = f"""
INSERT INTO survey_initiativeevent (pgh_created_at, pgh_label, pgh_obj_id, {COLUMNS})
SELECT updated_at, 'baseline', id, {COLUMNS} FROM survey_initiative ORDER BY id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('survey', '0008_dialogue_and_passed_warnings_never_change'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='InitiativeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('service_area', models.CharField(blank=True, choices=[('employment', 'Beskæftigelsesområdet'), ('daycare_school', 'Dagtilbuds- og folkeskoleområdet'), ('general', 'Den generelle integrationsindsats'), ('social', 'Socialområdet'), ('culture_leisure', 'Kultur- og fritidsområdet'), ('health_elderly', 'Sundheds- og ældreområdet')], max_length=20, verbose_name='Område')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='Initiativ')),
                ('gross_expenditure', models.BigIntegerField(blank=True, null=True, verbose_name='Bruttoudgifter')),
                ('gross_income', models.BigIntegerField(blank=True, null=True, verbose_name='Bruttoindtægter')),
                ('funding_sources', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('state', 'Tilskud fra staten (fx puljemidler)'), ('private', 'Tilskud fra private (fx fondsmidler)'), ('own', 'Kommunen finansierer selv')], max_length=10), blank=True, default=list, size=None, verbose_name='Finansieringskilder')),
                ('legal_basis', models.CharField(blank=True, max_length=300, verbose_name='Hjemmelsgrundlag')),
                ('primary_target_group', models.CharField(blank=True, choices=[('newly_arrived', 'a) Nyindvandrede flygtninge og familiesammenførte'), ('broader_integration', 'b) Bredere integrationsindsats, også efterkommere'), ('majority_or_everyone', 'c) Bredere målgruppe, hvor hovedparten er flygtninge, indvandrere eller efterkommere, eller hele befolkningen')], max_length=30, verbose_name='Primær målgruppe')),
                ('secondary_target_group', models.CharField(blank=True, choices=[('men', 'Mænd'), ('women', 'Kvinder'), ('children', 'Børn'), ('other', 'Øvrige'), ('several', 'Flere målgrupper')], max_length=10, verbose_name='Sekundær målgruppe')),
                ('content', models.TextField(blank=True, max_length=10000, verbose_name='Indhold')),
                ('purpose', models.TextField(blank=True, max_length=10000, verbose_name='Formål')),
                ('time_horizon', models.CharField(blank=True, choices=[('1_year', 'Op til 1 år'), ('2_4_years', '2-4 år'), ('permanent', 'Varig, eller 5 år og mere')], max_length=10, verbose_name='Tidshorisont')),
                ('target_share', models.SmallIntegerField(blank=True, null=True, verbose_name='Andel af målgruppen, som er flygtninge, indvandrere eller efterkommere')),
                ('target_share_unknown', models.BooleanField(default=False)),
                ('expenditure_basis', models.CharField(blank=True, choices=[('accounts', 'Fra regnskabet'), ('allocated', 'Fordelt fra en større konto'), ('estimated', 'Skønnet')], default='', max_length=10, verbose_name='Udgiften er')),
                ('income_basis', models.CharField(blank=True, choices=[('accounts', 'Fra regnskabet'), ('allocated', 'Fordelt fra en større konto'), ('estimated', 'Skønnet')], default='', max_length=10, verbose_name='Indtægten er')),
                ('scope', models.CharField(blank=True, choices=[('in', 'Hører med i kortlægningen'), ('out', 'Hører ikke med'), ('doubt', 'I tvivl')], default='', max_length=10, verbose_name='Afgrænsning')),
                ('scope_reason', models.TextField(blank=True, default='', max_length=2000, verbose_name='Begrundelse for afgrænsningen')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SubmissionAreaEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('service_area', models.CharField(choices=[('employment', 'Beskæftigelsesområdet'), ('daycare_school', 'Dagtilbuds- og folkeskoleområdet'), ('general', 'Den generelle integrationsindsats'), ('social', 'Socialområdet'), ('culture_leisure', 'Kultur- og fritidsområdet'), ('health_elderly', 'Sundheds- og ældreområdet')], max_length=20, verbose_name='område')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('nil_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiative',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "survey_initiativeevent" ("content", "expenditure_basis", "funding_sources", "gross_expenditure", "gross_income", "id", "income_basis", "legal_basis", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "primary_target_group", "purpose", "scope", "scope_reason", "secondary_target_group", "service_area", "submission_id", "target_share", "target_share_unknown", "time_horizon", "title", "uuid") SELECT new_values."content", new_values."expenditure_basis", new_values."funding_sources", new_values."gross_expenditure", new_values."gross_income", new_values."id", new_values."income_basis", new_values."legal_basis", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', new_values."id", new_values."primary_target_group", new_values."purpose", new_values."scope", new_values."scope_reason", new_values."secondary_target_group", new_values."service_area", new_values."submission_id", new_values."target_share", new_values."target_share_unknown", new_values."time_horizon", new_values."title", new_values."uuid" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cde9ea14c1bab9239c74d9f51bc37d70f6f5c393', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_20012', referencing='REFERENCING NEW TABLE AS new_values ', table='survey_initiative', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiative',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "survey_initiativeevent" ("content", "expenditure_basis", "funding_sources", "gross_expenditure", "gross_income", "id", "income_basis", "legal_basis", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "primary_target_group", "purpose", "scope", "scope_reason", "secondary_target_group", "service_area", "submission_id", "target_share", "target_share_unknown", "time_horizon", "title", "uuid") SELECT new_values."content", new_values."expenditure_basis", new_values."funding_sources", new_values."gross_expenditure", new_values."gross_income", new_values."id", new_values."income_basis", new_values."legal_basis", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', new_values."id", new_values."primary_target_group", new_values."purpose", new_values."scope", new_values."scope_reason", new_values."secondary_target_group", new_values."service_area", new_values."submission_id", new_values."target_share", new_values."target_share_unknown", new_values."time_horizon", new_values."title", new_values."uuid" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."content" IS DISTINCT FROM (new_values."content") OR old_values."expenditure_basis" IS DISTINCT FROM (new_values."expenditure_basis") OR old_values."funding_sources" IS DISTINCT FROM (new_values."funding_sources") OR old_values."gross_expenditure" IS DISTINCT FROM (new_values."gross_expenditure") OR old_values."gross_income" IS DISTINCT FROM (new_values."gross_income") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."income_basis" IS DISTINCT FROM (new_values."income_basis") OR old_values."legal_basis" IS DISTINCT FROM (new_values."legal_basis") OR old_values."primary_target_group" IS DISTINCT FROM (new_values."primary_target_group") OR old_values."purpose" IS DISTINCT FROM (new_values."purpose") OR old_values."scope" IS DISTINCT FROM (new_values."scope") OR old_values."scope_reason" IS DISTINCT FROM (new_values."scope_reason") OR old_values."secondary_target_group" IS DISTINCT FROM (new_values."secondary_target_group") OR old_values."service_area" IS DISTINCT FROM (new_values."service_area") OR old_values."submission_id" IS DISTINCT FROM (new_values."submission_id") OR old_values."target_share" IS DISTINCT FROM (new_values."target_share") OR old_values."target_share_unknown" IS DISTINCT FROM (new_values."target_share_unknown") OR old_values."time_horizon" IS DISTINCT FROM (new_values."time_horizon") OR old_values."title" IS DISTINCT FROM (new_values."title") OR old_values."uuid" IS DISTINCT FROM (new_values."uuid")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a24301dec09ed84e4f760c10f5dd7aa4ea247e01', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_dd0f6', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='survey_initiative', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiative',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "survey_initiativeevent" ("content", "expenditure_basis", "funding_sources", "gross_expenditure", "gross_income", "id", "income_basis", "legal_basis", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "primary_target_group", "purpose", "scope", "scope_reason", "secondary_target_group", "service_area", "submission_id", "target_share", "target_share_unknown", "time_horizon", "title", "uuid") SELECT old_values."content", old_values."expenditure_basis", old_values."funding_sources", old_values."gross_expenditure", old_values."gross_income", old_values."id", old_values."income_basis", old_values."legal_basis", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', old_values."id", old_values."primary_target_group", old_values."purpose", old_values."scope", old_values."scope_reason", old_values."secondary_target_group", old_values."service_area", old_values."submission_id", old_values."target_share", old_values."target_share_unknown", old_values."time_horizon", old_values."title", old_values."uuid" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='860025a40ea1cd10c60f791d8c92579d6763ff16', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f9f9f', referencing='REFERENCING OLD TABLE AS old_values ', table='survey_initiative', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submissionarea',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_submissionareaevent" ("assignee_id", "done_at", "id", "nil_at", "nil_by_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_area", "submission_id") VALUES (NEW."assignee_id", NEW."done_at", NEW."id", NEW."nil_at", NEW."nil_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."service_area", NEW."submission_id"); RETURN NULL;', hash='0d1fe20f22a257d13759f0f10421cb172c8c00a1', operation='INSERT', pgid='pgtrigger_insert_insert_467e5', table='survey_submissionarea', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submissionarea',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "survey_submissionareaevent" ("assignee_id", "done_at", "id", "nil_at", "nil_by_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_area", "submission_id") VALUES (NEW."assignee_id", NEW."done_at", NEW."id", NEW."nil_at", NEW."nil_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id", NEW."service_area", NEW."submission_id"); RETURN NULL;', hash='9465a0fad59c2b1ef9447be41c32fad5cabb49ae', operation='UPDATE', pgid='pgtrigger_update_update_2469e', table='survey_submissionarea', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submissionarea',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_submissionareaevent" ("assignee_id", "done_at", "id", "nil_at", "nil_by_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service_area", "submission_id") VALUES (OLD."assignee_id", OLD."done_at", OLD."id", OLD."nil_at", OLD."nil_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id", OLD."service_area", OLD."submission_id"); RETURN NULL;', hash='6435bf6f245302fecedbf45d24ebec9867ddbc5d', operation='DELETE', pgid='pgtrigger_delete_delete_5188b', table='survey_submissionarea', when='AFTER')),
        ),
        migrations.AddField(
            model_name='initiativeevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.initiative'),
        ),
        migrations.AddField(
            model_name='initiativeevent',
            name='submission',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='survey.submission'),
        ),
        migrations.AddField(
            model_name='submissionareaevent',
            name='assignee',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='submissionareaevent',
            name='nil_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='submissionareaevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.submissionarea'),
        ),
        migrations.AddField(
            model_name='submissionareaevent',
            name='submission',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='survey.submission'),
        ),
        migrations.AddIndex(
            model_name='initiativeevent',
            index=models.Index(fields=['submission', 'pgh_id'], name='history_of_initiatives'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiativeevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8fbed5f5ec3774b03afec55c5df5fa9f0a8894fd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8ca7a', table='survey_initiativeevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='submissionareaevent',
            index=models.Index(fields=['submission', 'pgh_id'], name='history_of_areas'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submissionareaevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='226fb4271d952b04d53024e10fc06a44647b9d99', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0b1df', table='survey_submissionareaevent', when='BEFORE')),
        ),
        migrations.RunSQL(BASELINE, migrations.RunSQL.noop),
    ]
