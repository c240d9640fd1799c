"""Each change of a reason is an event, and a reason holds for what was found when it was written."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


# What stands already, so that its first change has something to be compared with.
BASELINE = """
INSERT INTO survey_warningreasonevent (pgh_created_at, pgh_label, pgh_obj_id, id, uuid, rule, reason, submission_id)
SELECT at, 'baseline', id, id, uuid, rule, reason, submission_id FROM survey_warningreason ORDER BY id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('survey', '0010_messages_say_something'),
    ]

    operations = [
        migrations.CreateModel(
            name='WarningReasonEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField()),
                ('rule', models.CharField(max_length=40)),
                ('reason', models.TextField(max_length=2000, verbose_name='begrundelse')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='warningreason',
            name='found',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='warningreason',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_warningreasonevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "rule", "submission_id", "uuid") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."reason", NEW."rule", NEW."submission_id", NEW."uuid"); RETURN NULL;', hash='40385b4dd2400779c52cb7c6b9e8023bb047305e', operation='INSERT', pgid='pgtrigger_insert_insert_f1ac0', table='survey_warningreason', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='warningreason',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."rule" IS DISTINCT FROM (NEW."rule") OR OLD."submission_id" IS DISTINCT FROM (NEW."submission_id") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))', func='INSERT INTO "survey_warningreasonevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "rule", "submission_id", "uuid") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id", NEW."reason", NEW."rule", NEW."submission_id", NEW."uuid"); RETURN NULL;', hash='a530d18a05884076dcacb65d5561a830d4b2d821', operation='UPDATE', pgid='pgtrigger_update_update_9cf17', table='survey_warningreason', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='warningreason',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_warningreasonevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "rule", "submission_id", "uuid") VALUES (OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id", OLD."reason", OLD."rule", OLD."submission_id", OLD."uuid"); RETURN NULL;', hash='d1c6d2f3ed74a58a2b923c493a6dd018c8fab897', operation='DELETE', pgid='pgtrigger_delete_delete_cfc75', table='survey_warningreason', when='AFTER')),
        ),
        migrations.AddField(
            model_name='warningreasonevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.warningreason'),
        ),
        migrations.AddField(
            model_name='warningreasonevent',
            name='submission',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='survey.submission'),
        ),
        migrations.AddIndex(
            model_name='warningreasonevent',
            index=models.Index(fields=['submission', 'pgh_id'], name='history_of_reasons'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='warningreasonevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6a7fc7b1d315ed2da125fc5050378f424932255c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0f002', table='survey_warningreasonevent', when='BEFORE')),
        ),
        migrations.RunSQL(BASELINE, migrations.RunSQL.noop),
    ]
