"""The index of row and event (reporting 0011) serves for the row alone too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('survey', '0020_every_change_is_an_event'),
    ]

    operations = [
        migrations.AlterField(
            model_name='adjustmentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.adjustment'),
        ),
        migrations.AlterField(
            model_name='initiativeevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.initiative'),
        ),
        migrations.AlterField(
            model_name='jobevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.job'),
        ),
        migrations.AlterField(
            model_name='reviewassignmentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.reviewassignment'),
        ),
        migrations.AlterField(
            model_name='ruleretirementevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.ruleretirement'),
        ),
        migrations.AlterField(
            model_name='submissionareaevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.submissionarea'),
        ),
        migrations.AlterField(
            model_name='submissionchange',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.submission'),
        ),
        migrations.AlterField(
            model_name='surveyroundevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.surveyround'),
        ),
        migrations.AlterField(
            model_name='warningreasonevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='survey.warningreason'),
        ),
    ]
