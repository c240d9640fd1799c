"""Each change of a user, a membership or a municipality is an event, written by triggers."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# What stands already, so that its first change has something to be compared with. Rows that are only
# added tell when and by whom themselves; of the others nobody knows.
BASELINES = (
    (
        "municipalities_userevent",
        "municipalities_user",
        "clock_timestamp()",
        "NULL",
        """email, name, is_active""",
    ),
    (
        "municipalities_membershipevent",
        "municipalities_membership",
        "clock_timestamp()",
        "NULL",
        """id, user_id, municipality_id, role""",
    ),
    (
        "municipalities_municipalityevent",
        "municipalities_municipality",
        "clock_timestamp()",
        "NULL",
        """code, name, official_name, region_id, valid_from, valid_until, successor_id""",
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
        ('municipalities', '0005_contacts_and_versions_of_populations'),
    ]

    operations = [
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('reader', 'læser'), ('editor', 'sagsbehandler'), ('approver', 'godkender'), ('reviewer', 'kvalitetssikrer'), ('round_manager', 'kortlægningsansvarlig'), ('admin', 'administrator')], max_length=20, verbose_name='rolle')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MunicipalityEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('code', models.CharField(max_length=3, verbose_name='kode')),
                ('name', models.CharField(max_length=60, verbose_name='navn')),
                ('official_name', models.CharField(max_length=80, verbose_name='officielt navn')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='kommune fra')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='kommune indtil')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UserEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('email', models.EmailField(error_messages={'unique': 'Der findes allerede en bruger med denne e-mailadresse.'}, max_length=254, verbose_name='e-mail')),
                ('name', models.CharField(max_length=100, verbose_name='navn')),
                ('is_active', models.BooleanField(default=True, verbose_name='aktiv')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_membershipevent" ("id", "municipality_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."id", NEW."municipality_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;', hash='dec150bdc3c0cbed408acddae263e0c3ca77ae40', operation='INSERT', pgid='pgtrigger_insert_insert_18ba1', table='municipalities_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "municipalities_membershipevent" ("id", "municipality_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."id", NEW."municipality_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;', hash='e42b07a51f77f0ffa4fea095a45bbb79f110047a', operation='UPDATE', pgid='pgtrigger_update_update_d9095', table='municipalities_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_membershipevent" ("id", "municipality_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (OLD."id", OLD."municipality_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id", OLD."role", OLD."user_id"); RETURN NULL;', hash='995b0267d0c5786569f9693f8d5d111e0dca57b6', operation='DELETE', pgid='pgtrigger_delete_delete_dc054', table='municipalities_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='municipality',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_municipalityevent" ("code", "name", "official_name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "successor_id", "valid_from", "valid_until") VALUES (NEW."code", NEW."name", NEW."official_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."region_id", NEW."successor_id", NEW."valid_from", NEW."valid_until"); RETURN NULL;', hash='41022fa14b6ecb944cfacfbb23fbeb62bdde7f12', operation='INSERT', pgid='pgtrigger_insert_insert_fcc6e', table='municipalities_municipality', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='municipality',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."official_name" IS DISTINCT FROM (NEW."official_name") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."successor_id" IS DISTINCT FROM (NEW."successor_id") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))', func='INSERT INTO "municipalities_municipalityevent" ("code", "name", "official_name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "successor_id", "valid_from", "valid_until") VALUES (NEW."code", NEW."name", NEW."official_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id", NEW."region_id", NEW."successor_id", NEW."valid_from", NEW."valid_until"); RETURN NULL;', hash='664180a892988986732a04820e96b6971601d427', operation='UPDATE', pgid='pgtrigger_update_update_87f58', table='municipalities_municipality', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='municipality',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_municipalityevent" ("code", "name", "official_name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "successor_id", "valid_from", "valid_until") VALUES (OLD."code", OLD."name", OLD."official_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id", OLD."region_id", OLD."successor_id", OLD."valid_from", OLD."valid_until"); RETURN NULL;', hash='f0c646176a399b11c8d28598c80a527a7294e40b', operation='DELETE', pgid='pgtrigger_delete_delete_13b11', table='municipalities_municipality', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_userevent" ("email", "is_active", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."email", NEW."is_active", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id"); RETURN NULL;', hash='28191f462b8092368738d71726b45195e3730a73', operation='INSERT', pgid='pgtrigger_insert_insert_98465', table='municipalities_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."name" IS DISTINCT FROM (NEW."name"))', func='INSERT INTO "municipalities_userevent" ("email", "is_active", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."email", NEW."is_active", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id"); RETURN NULL;', hash='3f388f76ee79fada0c60071bc1ae909fcfbde0c5', operation='UPDATE', pgid='pgtrigger_update_update_03f93', table='municipalities_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "municipalities_userevent" ("email", "is_active", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."email", OLD."is_active", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id"); RETURN NULL;', hash='331fd642b97babc0ba6e7714fa82491ef0a5d57e', operation='DELETE', pgid='pgtrigger_delete_delete_da0f8', table='municipalities_user', when='AFTER')),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='municipality',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.municipality', verbose_name='kommune'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='municipalities.membership'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='user',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='bruger'),
        ),
        migrations.AddField(
            model_name='municipalityevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='municipalities.municipality'),
        ),
        migrations.AddField(
            model_name='municipalityevent',
            name='region',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.region', verbose_name='region'),
        ),
        migrations.AddField(
            model_name='municipalityevent',
            name='successor',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='municipalities.municipality', verbose_name='er nu en del af'),
        ),
        migrations.AddField(
            model_name='userevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membershipevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='85b0b41ff99350bd85037111e11d4b597525e669', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3086d', table='municipalities_membershipevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='municipalityevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='320e2f2adf8d13617285a09c9a51ec71ade6cd91', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d7e04', table='municipalities_municipalityevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='userevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7991e630b0296db4b5437bb1ba3da24c078b6fa7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e3fd1', table='municipalities_userevent', when='BEFORE')),
        ),
        *[migrations.RunSQL(baseline(*one), migrations.RunSQL.noop) for one in BASELINES],
    ]
