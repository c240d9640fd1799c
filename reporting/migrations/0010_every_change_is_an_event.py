"""Each rate that is added is an event, written by a trigger."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


# What stands already, so that its first change has something to be compared with. Rows that are only
# added tell when and by whom themselves; of the others nobody knows.
BASELINES = (
    (
        "reporting_pricerateevent",
        "reporting_pricerate",
        "recorded_at",
        "NULL",
        """id, "index", year, percent, published, is_forecast, source""",
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
        ('reporting', '0009_an_import_is_whole'),
    ]

    operations = [
        migrations.CreateModel(
            name='PriceRateEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('index', models.CharField(choices=[('municipal', 'Kommunal pris- og lønudvikling')], default='municipal', max_length=20, verbose_name='indeks')),
                ('year', models.PositiveSmallIntegerField(verbose_name='år')),
                ('percent', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='stigning i procent')),
                ('published', models.DateField(verbose_name='offentliggjort')),
                ('is_forecast', models.BooleanField(default=False, verbose_name='skøn')),
                ('source', models.CharField(max_length=200, verbose_name='kilde')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pricerate',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_pricerateevent" ("id", "index", "is_forecast", "percent", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published", "source", "year") VALUES (NEW."id", NEW."index", NEW."is_forecast", NEW."percent", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."published", NEW."source", NEW."year"); RETURN NULL;', hash='eb2121950426ad7bd1dd65b397b51280eea43ad6', operation='INSERT', pgid='pgtrigger_insert_insert_598a8', table='reporting_pricerate', when='AFTER')),
        ),
        migrations.AddField(
            model_name='pricerateevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reporting.pricerate'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pricerateevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6c8342b2973a22aa5f30fe07c691d1c0ce7546de', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_45057', table='reporting_pricerateevent', when='BEFORE')),
        ),
        *[migrations.RunSQL(baseline(*one), migrations.RunSQL.noop) for one in BASELINES],
    ]
