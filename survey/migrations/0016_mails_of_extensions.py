"""The mail that tells of more time is in the log of mails too, and is no invitation."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("survey", "0015_reminders_keep_who_was_not_reached")]

    operations = [
        migrations.AddField(
            model_name="roundmail",
            name="extension",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mails",
                to="survey.extension",
            ),
        ),
    ]
