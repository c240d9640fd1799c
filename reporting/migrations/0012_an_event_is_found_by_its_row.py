"""The index of row and event (reporting 0011) serves for the row alone too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0011_nothing_kept_is_emptied'),
    ]

    operations = [
        migrations.AlterField(
            model_name='pricerateevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reporting.pricerate'),
        ),
    ]
