"""A sent reminder keeps the codes of the municipalities that it was for and that had nobody to write to."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("survey", "0014_submissions_of_an_opened_round_stay")]

    operations = [
        migrations.AddField(
            model_name="reminder",
            name="unreached",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3),
                blank=True,
                default=list,
                editable=False,
                size=None,
            ),
        ),
    ]
