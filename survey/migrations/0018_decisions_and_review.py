"""Accepting is a decision too; who looks at what; rules that do not speak in a round."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('survey', '0017_an_opened_round_stays_opened'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReviewAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'tildelt gennemgang',
                'verbose_name_plural': 'tildelte gennemgange',
            },
        ),
        migrations.CreateModel(
            name='ReviewAssignmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RuleRetirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('retired', 'sat ud af brug'), ('restored', 'taget i brug igen')], max_length=10)),
                ('reason', models.TextField(max_length=2000, verbose_name='begrundelse')),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'regel ud af brug',
                'verbose_name_plural': 'regler ud af brug',
                'ordering': ('id',),
            },
        ),
        migrations.RemoveConstraint(
            model_name='adjustment',
            name='adjustment_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='adjustment',
            name='a_withdrawn_adjustment_changes_nothing',
        ),
        migrations.RemoveConstraint(
            model_name='adjustment',
            name='an_adjustment_has_a_reason',
        ),
        migrations.RemoveConstraint(
            model_name='adjustment',
            name='an_adjustment_is_explained',
        ),
        migrations.AddField(
            model_name='adjustment',
            name='in_bulk',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='surveyround',
            name='retired_rules',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, editable=False, size=None),
        ),
        migrations.AlterField(
            model_name='adjustment',
            name='explanation',
            field=models.TextField(blank=True, max_length=2000),
        ),
        migrations.AlterField(
            model_name='adjustment',
            name='kind',
            field=models.CharField(choices=[('adjusted', 'rettet'), ('withdrawn', 'rettelsen trukket tilbage'), ('accepted', 'godtaget'), ('reopened', 'åbnet igen')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='adjustment',
            index=models.Index(condition=models.Q(('kind', 'adjusted')), fields=['initiative'], name='adjusted_initiatives'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['adjusted', 'withdrawn', 'accepted', 'reopened'])), name='adjustment_kind_is_known', violation_error_message='Ministeriets rettelse er af en ukendt slags.'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'adjusted'), models.Q(('funding_sources__isnull', True), ('gross_expenditure__isnull', True), ('gross_income__isnull', True), ('out_of_scope', False), ('primary_target_group', ''), ('service_area', '')), _connector='OR'), name='only_an_adjustment_changes_something', violation_error_message='Når en rettelse trækkes tilbage, gælder det indberettede igen.'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('kind', 'adjusted'), _negated=True), ('reason', '')), models.Q(('kind', 'adjusted'), ('reason__in', ['kroner', 'service_area', 'target_group', 'funding', 'statutory', 'duplicate', 'agreed', 'other'])), _connector='OR'), name='only_an_adjustment_has_a_reason', violation_error_message='Vælg, hvorfor indsatsen rettes.'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['accepted', 'reopened']), ('explanation__regex', '\\S'), _connector='OR'), name='a_correction_is_explained', violation_error_message='Forklar rettelsen. Kommunen kan læse forklaringen.'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(('in_bulk', False), ('kind', 'accepted'), _connector='OR'), name='only_accepting_is_done_in_bulk', violation_error_message='Kun det, som ingen regel peger på, kan godtages samlet.'),
        ),
        migrations.AddField(
            model_name='reviewassignment',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewassignment',
            name='reviewer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewassignment',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_assignments', to='survey.submission'),
        ),
        migrations.AddField(
            model_name='reviewassignmentevent',
            name='by',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewassignmentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.reviewassignment'),
        ),
        migrations.AddField(
            model_name='reviewassignmentevent',
            name='reviewer',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewassignmentevent',
            name='submission',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='survey.submission'),
        ),
        migrations.AddField(
            model_name='ruleretirement',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ruleretirement',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rule_retirements', to='survey.surveyround'),
        ),
        migrations.AddConstraint(
            model_name='reviewassignment',
            constraint=models.UniqueConstraint(fields=('submission', 'uuid'), name='one_reviewer_an_initiative', violation_error_message='Indsatsen er allerede tildelt.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewassignment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_reviewassignmentevent" ("at", "by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewer_id", "submission_id", "uuid") VALUES (NEW."at", NEW."by_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."reviewer_id", NEW."submission_id", NEW."uuid"); RETURN NULL;', hash='ac394b68bf5a8ca736844442cdf6a75ae390b09f', operation='INSERT', pgid='pgtrigger_insert_insert_052b0', table='survey_reviewassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewassignment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "survey_reviewassignmentevent" ("at", "by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewer_id", "submission_id", "uuid") VALUES (NEW."at", NEW."by_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id", NEW."reviewer_id", NEW."submission_id", NEW."uuid"); RETURN NULL;', hash='4b5f22f1fe980121f83a70514fc5d98270e7253c', operation='UPDATE', pgid='pgtrigger_update_update_822d8', table='survey_reviewassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewassignment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "survey_reviewassignmentevent" ("at", "by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewer_id", "submission_id", "uuid") VALUES (OLD."at", OLD."by_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id", OLD."reviewer_id", OLD."submission_id", OLD."uuid"); RETURN NULL;', hash='30bdc67ee6e346fd25ee271fe697730ee5cae417', operation='DELETE', pgid='pgtrigger_delete_delete_131dc', table='survey_reviewassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewassignmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='433fcc8f59c87442517760b5aa8b7a5f150cee19', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_09494', table='survey_reviewassignmentevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='ruleretirement',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['retired', 'restored'])), name='retirement_kind_is_known', violation_error_message='En regel sættes ud af brug eller tages i brug igen.'),
        ),
        migrations.AddConstraint(
            model_name='ruleretirement',
            constraint=models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='a_retirement_has_a_reason', violation_error_message='Skriv en begrundelse.'),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON survey_ruleretirement "
            "FOR EACH ROW EXECUTE FUNCTION survey_refuse_change();",
            "DROP TRIGGER never_changes ON survey_ruleretirement;",
        ),
    ]
