"""Each change of rounds, submissions, decisions and exports is an event, written by triggers."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


# What stands already, so that its first change has something to be compared with. Rows that are only
# added tell when and by whom themselves; of the others nobody knows.
BASELINES = (
    (
        "survey_surveyroundevent",
        "survey_surveyround",
        "clock_timestamp()",
        "NULL",
        """id, accounts_year, price_level, population_date, questionnaire_version, opens_at, deadline,
        edit_until, state, invitation_subject, invitation_text, retired_rules, is_demo""",
    ),
    (
        "survey_submissionchange",
        "survey_submission",
        "clock_timestamp()",
        "NULL",
        """id, round_id, municipality_id, region_id, state, return_due_at, extended_until""",
    ),
    (
        "survey_adjustmentevent",
        "survey_adjustment",
        "at",
        "by_id",
        """id, initiative_id, kind, service_area, gross_expenditure, gross_income, funding_sources,
        primary_target_group, out_of_scope, reason, explanation, in_bulk""",
    ),
    (
        "survey_ruleretirementevent",
        "survey_ruleretirement",
        "at",
        "by_id",
        """id, round_id, rule, kind, reason""",
    ),
    (
        "survey_jobevent",
        "survey_job",
        "requested_at",
        "requested_by_id",
        """id, task, title, arguments, requested_by_id, state, file""",
    ),
)
BASELINE = """
INSERT INTO {event} (pgh_created_at, pgh_label, pgh_obj_id, pgh_context, {columns})
SELECT {at}, 'baseline', id, {context}, {columns} FROM {table} ORDER BY id;
"""


def baseline(event, table, at, by, columns):
    context = "NULL" if by == "NULL" else f"jsonb_build_object('user', {by})"
    return BASELINE.format(event=event, table=table, at=at, context=context, columns=columns)


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0006_every_change_is_an_event'),
        ('survey', '0019_what_was_reported_can_be_searched'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AdjustmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('adjusted', 'rettet'), ('withdrawn', 'rettelsen trukket tilbage'), ('accepted', 'godtaget'), ('reopened', 'åbnet igen')], max_length=10)),
                ('service_area', models.CharField(blank=True, choices=[('employment', 'Beskæftigelsesområdet'), ('daycare_school', 'Dagtilbuds- og folkeskoleområdet'), ('general', 'Den generelle integrationsindsats'), ('social', 'Socialområdet'), ('culture_leisure', 'Kultur- og fritidsområdet'), ('health_elderly', 'Sundheds- og ældreområdet')], max_length=20)),
                ('gross_expenditure', models.BigIntegerField(blank=True, null=True)),
                ('gross_income', models.BigIntegerField(blank=True, null=True)),
                ('funding_sources', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('state', 'Tilskud fra staten (fx puljemidler)'), ('private', 'Tilskud fra private (fx fondsmidler)'), ('own', 'Kommunen finansierer selv')], max_length=10), blank=True, null=True, size=None)),
                ('primary_target_group', models.CharField(blank=True, choices=[('newly_arrived', 'a) Nyindvandrede flygtninge og familiesammenførte'), ('broader_integration', 'b) Bredere integrationsindsats, også efterkommere'), ('majority_or_everyone', 'c) Bredere målgruppe, hvor hovedparten er flygtninge, indvandrere eller efterkommere, eller hele befolkningen')], max_length=30)),
                ('out_of_scope', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, choices=[('kroner', 'Beløbet er skrevet i kroner, ikke i 1.000 kr.'), ('service_area', 'Forkert område'), ('target_group', 'Forkert målgruppe'), ('funding', 'Forkerte finansieringskilder'), ('statutory', 'Lovbunden opgave, hører ikke med i kortlægningen'), ('duplicate', 'Indberettet to gange'), ('agreed', 'Aftalt med kommunen'), ('other', 'Andet')], max_length=20)),
                ('explanation', models.TextField(blank=True, max_length=2000)),
                ('in_bulk', models.BooleanField(default=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='JobEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ('task', models.CharField(max_length=100)),
                ('title', models.CharField(max_length=200)),
                ('arguments', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('queued', 'i kø'), ('running', 'i gang'), ('done', 'færdig'), ('failed', 'mislykket')], default='queued', max_length=10)),
                ('file', models.FileField(blank=True, upload_to='jobs/%Y/%m/')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RuleRetirementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('rule', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('retired', 'sat ud af brug'), ('restored', 'taget i brug igen')], max_length=10)),
                ('reason', models.TextField(max_length=2000, verbose_name='begrundelse')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SubmissionChange',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('state', models.CharField(choices=[('draft', 'kladde'), ('submitted', 'indsendt'), ('returned', 'sendt tilbage'), ('approved', 'godkendt')], default='draft', max_length=10, verbose_name='tilstand')),
                ('return_due_at', models.DateTimeField(blank=True, null=True, verbose_name='skal være rettet inden')),
                ('extended_until', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SurveyRoundEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('accounts_year', models.PositiveSmallIntegerField(error_messages={'unique': 'Der er allerede en kortlægning af dette regnskabsår.'}, verbose_name='regnskabsår')),
                ('price_level', models.PositiveSmallIntegerField(verbose_name='pris- og lønniveau (år)')),
                ('population_date', models.DateField(verbose_name='folketal pr.')),
                ('questionnaire_version', models.PositiveSmallIntegerField(choices=[(1, '1 (Bilag 1, 2021)'), (2, '2 (med beløbsgrundlag og afgrænsning)')], default=2, verbose_name='spørgeskemaets version')),
                ('opens_at', models.DateTimeField(verbose_name='åbner')),
                ('deadline', models.DateTimeField(verbose_name='svarfrist')),
                ('edit_until', models.DateTimeField(help_text='Besvarelser efter svarfristen tæller som for sene.', verbose_name='kan rettes indtil')),
                ('state', models.CharField(choices=[('draft', 'kladde'), ('trial', 'prøve'), ('open', 'åben'), ('closed', 'lukket'), ('locked', 'låst'), ('archived', 'arkiveret')], default='draft', editable=False, max_length=10, verbose_name='tilstand')),
                ('invitation_subject', models.CharField(blank=True, default='', max_length=200, verbose_name='emne')),
                ('invitation_text', models.TextField(blank=True, default='', max_length=5000, verbose_name='tekst')),
                ('retired_rules', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, editable=False, size=None)),
                ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='demo')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='adjustment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "survey_adjustmentevent" ("explanation", "funding_sources", "gross_expenditure", "gross_income", "id", "in_bulk", "initiative_id", "kind", "out_of_scope", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "primary_target_group", "reason", "service_area") SELECT new_values."explanation", new_values."funding_sources", new_values."gross_expenditure", new_values."gross_income", new_values."id", new_values."in_bulk", new_values."initiative_id", new_values."kind", new_values."out_of_scope", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', new_values."id", new_values."primary_target_group", new_values."reason", new_values."service_area" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='10140e01c9e3387812cade798e7f80ef43ae33b7', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_1f97c', referencing='REFERENCING NEW TABLE AS new_values ', table='survey_adjustment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='job',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_jobevent" ("arguments", "file", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_by_id", "state", "task", "title") VALUES (NEW."arguments", NEW."file", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."requested_by_id", NEW."state", NEW."task", NEW."title"); RETURN NULL;', hash='0801d7bdeda7ee08ebd680cf7974ce1e942fbff8', operation='INSERT', pgid='pgtrigger_insert_insert_3b411', table='survey_job', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='job',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."arguments" IS DISTINCT FROM (NEW."arguments") OR OLD."file" IS DISTINCT FROM (NEW."file") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."requested_by_id" IS DISTINCT FROM (NEW."requested_by_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."task" IS DISTINCT FROM (NEW."task") OR OLD."title" IS DISTINCT FROM (NEW."title"))', func='INSERT INTO "survey_jobevent" ("arguments", "file", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_by_id", "state", "task", "title") VALUES (NEW."arguments", NEW."file", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id", NEW."requested_by_id", NEW."state", NEW."task", NEW."title"); RETURN NULL;', hash='afdc493e190bf4e0318260c8527d5215f04a8313', operation='UPDATE', pgid='pgtrigger_update_update_37e50', table='survey_job', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='job',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_jobevent" ("arguments", "file", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_by_id", "state", "task", "title") VALUES (OLD."arguments", OLD."file", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id", OLD."requested_by_id", OLD."state", OLD."task", OLD."title"); RETURN NULL;', hash='791b91c5d4ddabf67a6088c5109957cd0e725e99', operation='DELETE', pgid='pgtrigger_delete_delete_9a662', table='survey_job', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleretirement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_ruleretirementevent" ("id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "round_id", "rule") VALUES (NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."reason", NEW."round_id", NEW."rule"); RETURN NULL;', hash='adcbb604a97adbccfa8c82078c0f4af429e3ed41', operation='INSERT', pgid='pgtrigger_insert_insert_2616e', table='survey_ruleretirement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submission',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_submissionchange" ("extended_until", "id", "municipality_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "return_due_at", "round_id", "state") VALUES (NEW."extended_until", NEW."id", NEW."municipality_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."region_id", NEW."return_due_at", NEW."round_id", NEW."state"); RETURN NULL;', hash='32e96a2fc44077299ef0843420909ce8824a9205', operation='INSERT', pgid='pgtrigger_insert_insert_ebca0', table='survey_submission', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submission',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "survey_submissionchange" ("extended_until", "id", "municipality_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "return_due_at", "round_id", "state") VALUES (NEW."extended_until", NEW."id", NEW."municipality_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id", NEW."region_id", NEW."return_due_at", NEW."round_id", NEW."state"); RETURN NULL;', hash='383937d4712314f8d524d1db665c0d8f71733ee9', operation='UPDATE', pgid='pgtrigger_update_update_d6efc', table='survey_submission', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submission',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_submissionchange" ("extended_until", "id", "municipality_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "return_due_at", "round_id", "state") VALUES (OLD."extended_until", OLD."id", OLD."municipality_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id", OLD."region_id", OLD."return_due_at", OLD."round_id", OLD."state"); RETURN NULL;', hash='adb3334bee173a6402a00cd8bac2caa1fbab1ad9', operation='DELETE', pgid='pgtrigger_delete_delete_fa339', table='survey_submission', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='surveyround',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_surveyroundevent" ("accounts_year", "deadline", "edit_until", "id", "invitation_subject", "invitation_text", "is_demo", "opens_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population_date", "price_level", "questionnaire_version", "retired_rules", "state") VALUES (NEW."accounts_year", NEW."deadline", NEW."edit_until", NEW."id", NEW."invitation_subject", NEW."invitation_text", NEW."is_demo", NEW."opens_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."population_date", NEW."price_level", NEW."questionnaire_version", NEW."retired_rules", NEW."state"); RETURN NULL;', hash='b586a4d65b5ab039c8a3fc5c8b7cb3a74d98f190', operation='INSERT', pgid='pgtrigger_insert_insert_a9e70', table='survey_surveyround', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='surveyround',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "survey_surveyroundevent" ("accounts_year", "deadline", "edit_until", "id", "invitation_subject", "invitation_text", "is_demo", "opens_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population_date", "price_level", "questionnaire_version", "retired_rules", "state") VALUES (NEW."accounts_year", NEW."deadline", NEW."edit_until", NEW."id", NEW."invitation_subject", NEW."invitation_text", NEW."is_demo", NEW."opens_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id", NEW."population_date", NEW."price_level", NEW."questionnaire_version", NEW."retired_rules", NEW."state"); RETURN NULL;', hash='6e4f16cd402bbad8e02370367f37d02ee969b5ec', operation='UPDATE', pgid='pgtrigger_update_update_3e2bd', table='survey_surveyround', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='surveyround',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_surveyroundevent" ("accounts_year", "deadline", "edit_until", "id", "invitation_subject", "invitation_text", "is_demo", "opens_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population_date", "price_level", "questionnaire_version", "retired_rules", "state") VALUES (OLD."accounts_year", OLD."deadline", OLD."edit_until", OLD."id", OLD."invitation_subject", OLD."invitation_text", OLD."is_demo", OLD."opens_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id", OLD."population_date", OLD."price_level", OLD."questionnaire_version", OLD."retired_rules", OLD."state"); RETURN NULL;', hash='15730095087ddac1fded3e11ab7910310e4c804f', operation='DELETE', pgid='pgtrigger_delete_delete_e9f72', table='survey_surveyround', when='AFTER')),
        ),
        migrations.AddField(
            model_name='adjustmentevent',
            name='initiative',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='survey.reportedinitiative'),
        ),
        migrations.AddField(
            model_name='adjustmentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.adjustment'),
        ),
        migrations.AddField(
            model_name='jobevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.job'),
        ),
        migrations.AddField(
            model_name='jobevent',
            name='requested_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ruleretirementevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.ruleretirement'),
        ),
        migrations.AddField(
            model_name='ruleretirementevent',
            name='round',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='survey.surveyround'),
        ),
        migrations.AddField(
            model_name='submissionchange',
            name='municipality',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.municipality'),
        ),
        migrations.AddField(
            model_name='submissionchange',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.submission'),
        ),
        migrations.AddField(
            model_name='submissionchange',
            name='region',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.region'),
        ),
        migrations.AddField(
            model_name='submissionchange',
            name='round',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='survey.surveyround'),
        ),
        migrations.AddField(
            model_name='surveyroundevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.surveyround'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='adjustmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='87b0e76eb4102c3436b64bf95d00430463838e45', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5c298', table='survey_adjustmentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='jobevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9eb5d767d184fe6708b7ba61126e3e694bda0d68', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1c8c2', table='survey_jobevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleretirementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='24e51feea79491cfbc8039a881245afdb3d38f80', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_61ffd', table='survey_ruleretirementevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submissionchange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a0472065963effa88c61901fcde46529782c20c7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4ede5', table='survey_submissionchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='surveyroundevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e6bb050614fca0dfb18f0ea88b37e8958faf7266', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_83c4a', table='survey_surveyroundevent', when='BEFORE')),
        ),
        *[migrations.RunSQL(baseline(*one), migrations.RunSQL.noop) for one in BASELINES],
    ]
