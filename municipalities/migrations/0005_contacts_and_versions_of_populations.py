"""Contacts, municipalities by date, and population counts in versions."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0004_one_waiting_invitation'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='navn')),
                ('title', models.CharField(blank=True, max_length=100, verbose_name='stilling')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='telefon')),
                ('bounced_at', models.DateTimeField(blank=True, null=True, verbose_name='mail kommer retur')),
                ('bounce_note', models.CharField(blank=True, max_length=200, verbose_name='hvorfor mail kommer retur')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'kontakt',
                'verbose_name_plural': 'kontakter',
                'ordering': ('municipality__sort_key', 'name'),
            },
        ),
        migrations.CreateModel(
            name='PopulationImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(choices=[('FOLK1A', 'FOLK1A: folketal'), ('FOLK1E', 'FOLK1E: indvandrere og efterkommere')], max_length=10, verbose_name='tabel')),
                ('date', models.DateField(verbose_name='dato')),
                ('published_total', models.PositiveIntegerField(verbose_name='hele landet')),
                ('source', models.CharField(max_length=200, verbose_name='kilde')),
                ('fetched_on', models.DateField(verbose_name='hentet')),
                ('file_name', models.CharField(max_length=200, verbose_name='fil')),
                ('sha256', models.CharField(max_length=64, verbose_name='filens kontrolsum (SHA-256)')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='indlæst')),
            ],
            options={
                'verbose_name': 'indlæsning af folketal',
                'verbose_name_plural': 'indlæsninger af folketal',
                'ordering': ('-recorded_at', '-pk'),
            },
        ),
        migrations.RemoveConstraint(
            model_name='municipality',
            name='municipality_has_its_own_tile',
        ),
        migrations.RemoveConstraint(
            model_name='populationcount',
            name='one_population_count_a_municipality_and_date',
        ),
        migrations.AddField(
            model_name='invitation',
            name='opened_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='municipality',
            name='successor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='municipalities.municipality', verbose_name='er nu en del af'),
        ),
        migrations.AddField(
            model_name='municipality',
            name='valid_from',
            field=models.DateField(blank=True, null=True, verbose_name='kommune fra'),
        ),
        migrations.AddField(
            model_name='municipality',
            name='valid_until',
            field=models.DateField(blank=True, null=True, verbose_name='kommune indtil'),
        ),
        migrations.AddField(
            model_name='populationcount',
            name='immigrants_source',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='kilde, indvandrere'),
        ),
        migrations.AddField(
            model_name='populationcount',
            name='recorded_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='indlæst'),
        ),
        migrations.AlterField(
            model_name='municipality',
            name='cvr',
            field=models.CharField(max_length=8, verbose_name='CVR-nummer'),
        ),
        migrations.AddConstraint(
            model_name='municipality',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_until__isnull', True)), fields=('tile_row', 'tile_column'), name='municipality_has_its_own_tile', violation_error_message='En anden kommune står allerede på dette felt på kommunekortet.'),
        ),
        migrations.AddConstraint(
            model_name='municipality',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_until__isnull', True)), fields=('cvr',), name='municipality_has_its_own_cvr', violation_error_message='En anden kommune har allerede dette CVR-nummer.'),
        ),
        migrations.AddConstraint(
            model_name='municipality',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_until__isnull', True), ('valid_from__lt', models.F('valid_until')), _connector='OR'), name='municipality_ends_after_it_begins', violation_error_message='Kommunen skal ophøre, efter at den er oprettet.'),
        ),
        migrations.AddConstraint(
            model_name='municipality',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('successor__isnull', True), ('valid_until__isnull', True)), models.Q(('successor__isnull', False), ('valid_until__isnull', False)), _connector='OR'), name='a_municipality_that_ends_has_a_successor', violation_error_message='En kommune, der ophører, bliver en del af en anden.'),
        ),
        migrations.AddField(
            model_name='contact',
            name='municipality',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='municipalities.municipality', verbose_name='kommune'),
        ),
        migrations.AddField(
            model_name='populationimport',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='indlæst af'),
        ),
        migrations.AddField(
            model_name='populationcount',
            name='population_import',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='municipalities.populationimport'),
        ),
        migrations.AddConstraint(
            model_name='populationcount',
            constraint=models.UniqueConstraint(fields=('municipality', 'date', 'population_import'), name='one_population_count_a_municipality_date_and_import', nulls_distinct=False, violation_error_message='Kommunen har allerede et folketal på denne dato.'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(fields=('municipality', 'email'), name='one_contact_an_address_and_municipality', violation_error_message='Kommunen har allerede en kontakt med denne adresse.'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='contact_email_is_lower_case', violation_error_message='Skriv e-mailadressen med små bogstaver.'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('email', ''), _negated=True)), name='a_contact_has_a_name_and_an_address', violation_error_message='Skriv kontaktens navn og e-mailadresse.'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('bounced_at__isnull', False), ('bounce_note', ''), _connector='OR'), name='only_a_bounced_contact_has_a_bounce_note', violation_error_message='Skriv kun en note, når mail kommer retur.'),
        ),
        migrations.AddConstraint(
            model_name='populationimport',
            constraint=models.CheckConstraint(condition=models.Q(('table__in', ['FOLK1A', 'FOLK1E'])), name='population_table_is_known', violation_error_message='Vælg FOLK1A eller FOLK1E.'),
        ),
        migrations.AddConstraint(
            model_name='populationimport',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='population_import_names_its_file', violation_error_message='Indlæsningen mangler filens kontrolsum.'),
        ),
        migrations.AddConstraint(
            model_name='populationimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', ''), _negated=True), models.Q(('file_name', ''), _negated=True)), name='population_import_has_a_source', violation_error_message='Indlæsningen mangler sin kilde.'),
        ),
    ]
