"""Phases, guidance, events, reminders, extensions, notes: what a collection is run with."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0005_contacts_and_versions_of_populations'),
        ('survey', '0011_reasons_have_a_history'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChaseNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(blank=True, choices=[('phone', 'svarer på telefon'), ('declines', 'ønsker ikke at svare'), ('merged', 'lagt sammen med en anden kommune'), ('board', 'afventer udvalg eller byråd'), ('promised', 'har lovet at svare'), ('unreachable', 'ikke truffet')], default='', max_length=20, verbose_name='udfald')),
                ('text', models.TextField(blank=True, default='', max_length=2000, verbose_name='notat')),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'notat om en kommune',
                'verbose_name_plural': 'notater om kommuner',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField(verbose_name='ny frist')),
                ('reason', models.TextField(max_length=2000, verbose_name='begrundelse')),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'fristforlængelse',
                'verbose_name_plural': 'fristforlængelser',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='GuidanceText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=30, verbose_name='felt')),
                ('text', models.TextField(max_length=2000, verbose_name='vejledning')),
            ],
            options={
                'verbose_name': 'vejledning',
                'verbose_name_plural': 'vejledninger',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(editable=False)),
                ('send_at', models.DateTimeField(verbose_name='sendes')),
                ('targets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('not_begun', 'ikke begyndt'), ('begun', 'begyndt, ikke indsendt'), ('returned', 'sendt tilbage, ikke besvaret')], max_length=10), size=None, verbose_name='til dem, der er')),
                ('subject', models.CharField(max_length=200, verbose_name='emne')),
                ('text', models.TextField(max_length=5000, verbose_name='tekst')),
                ('sent_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('stopped_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'verbose_name': 'påmindelse',
                'verbose_name_plural': 'påmindelser',
                'ordering': ('send_at',),
            },
        ),
        migrations.CreateModel(
            name='RoundEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('trial_started', 'prøve sat i gang'), ('trial_ended', 'prøve afsluttet, og det prøvede slettet'), ('opened', 'åbnet'), ('dates_changed', 'frister ændret'), ('closed', 'lukket'), ('lock_asked', 'låsning foreslået'), ('locked', 'låst'), ('archived', 'arkiveret'), ('reopened', 'genåbnet')], max_length=20)),
                ('at', models.DateTimeField()),
                ('reason', models.TextField(blank=True, default='', max_length=2000)),
                ('state', models.CharField(choices=[('draft', 'kladde'), ('trial', 'prøve'), ('open', 'åben'), ('closed', 'lukket'), ('locked', 'låst'), ('archived', 'arkiveret')], max_length=10)),
                ('opens_at', models.DateTimeField()),
                ('deadline', models.DateTimeField()),
                ('edit_until', models.DateTimeField()),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='RoundMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', models.EmailField(max_length=254, verbose_name='til')),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'mail om en kortlægning',
                'verbose_name_plural': 'mails om en kortlægning',
                'ordering': ('-at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='RoundPhase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('questionnaire', 'Udarbejdelse af spørgeskema'), ('workshop', 'Workshop'), ('trial', 'Prøve'), ('dispatch', 'Udsendelse'), ('answers', 'Besvarelse'), ('report', 'Afrapportering'), ('approval', 'Godkendelse')], max_length=20, verbose_name='fase')),
                ('starts_on', models.DateField(verbose_name='første dag')),
                ('ends_on', models.DateField(verbose_name='sidste dag')),
                ('responsible', models.CharField(max_length=100, verbose_name='ansvarlig')),
            ],
            options={
                'verbose_name': 'fase',
                'verbose_name_plural': 'faser',
                'ordering': ('starts_on', 'ends_on', 'id'),
            },
        ),
        migrations.RemoveConstraint(
            model_name='surveyround',
            name='round_state_is_known',
        ),
        migrations.AddField(
            model_name='submission',
            name='extended_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='surveyround',
            name='invitation_subject',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='emne'),
        ),
        migrations.AddField(
            model_name='surveyround',
            name='invitation_text',
            field=models.TextField(blank=True, default='', max_length=5000, verbose_name='tekst'),
        ),
        migrations.AddField(
            model_name='surveyround',
            name='questionnaire_version',
            field=models.PositiveSmallIntegerField(choices=[(1, '1 (Bilag 1, 2021)'), (2, '2 (med beløbsgrundlag og afgrænsning)')], default=2, verbose_name='spørgeskemaets version'),
        ),
        migrations.AlterField(
            model_name='surveyround',
            name='state',
            field=models.CharField(choices=[('draft', 'kladde'), ('trial', 'prøve'), ('open', 'åben'), ('closed', 'lukket'), ('locked', 'låst'), ('archived', 'arkiveret')], default='draft', editable=False, max_length=10, verbose_name='tilstand'),
        ),
        migrations.AddConstraint(
            model_name='surveyround',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'trial', 'open', 'closed', 'locked', 'archived'])), name='round_state_is_known', violation_error_message='En kortlægning er kladde, prøve, åben, lukket, låst eller arkiveret.'),
        ),
        migrations.AddField(
            model_name='chasenote',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='chasenote',
            name='merged_with',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='municipalities.municipality', verbose_name='lagt sammen med'),
        ),
        migrations.AddField(
            model_name='chasenote',
            name='municipality',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chase_notes', to='municipalities.municipality'),
        ),
        migrations.AddField(
            model_name='chasenote',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chase_notes', to='survey.surveyround'),
        ),
        migrations.AddField(
            model_name='extension',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='extension',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='survey.submission'),
        ),
        migrations.AddField(
            model_name='guidancetext',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guidance', to='survey.surveyround'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reminder',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='survey.surveyround'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='stopped_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roundevent',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roundevent',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='survey.surveyround'),
        ),
        migrations.AddField(
            model_name='roundmail',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roundmail',
            name='invitation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='municipalities.invitation'),
        ),
        migrations.AddField(
            model_name='roundmail',
            name='mail',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='about', to='municipalities.outgoingmail'),
        ),
        migrations.AddField(
            model_name='roundmail',
            name='municipality',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='round_mails', to='municipalities.municipality'),
        ),
        migrations.AddField(
            model_name='roundmail',
            name='reminder',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='survey.reminder'),
        ),
        migrations.AddField(
            model_name='roundmail',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='survey.surveyround'),
        ),
        migrations.AddField(
            model_name='roundphase',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='survey.surveyround'),
        ),
        migrations.AddIndex(
            model_name='chasenote',
            index=models.Index(fields=['round', 'municipality'], name='notes_of_a_municipality'),
        ),
        migrations.AddConstraint(
            model_name='chasenote',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'phone', 'declines', 'merged', 'board', 'promised', 'unreachable'])), name='note_outcome_is_known', violation_error_message='Vælg et af udfaldene.'),
        ),
        migrations.AddConstraint(
            model_name='chasenote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), _negated=True), ('text__regex', '\\S'), _connector='OR'), name='a_note_says_something', violation_error_message='Vælg et udfald, eller skriv et notat.'),
        ),
        migrations.AddConstraint(
            model_name='chasenote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_with__isnull', False), ('outcome', 'merged')), models.Q(models.Q(('outcome', 'merged'), _negated=True), ('merged_with__isnull', True)), _connector='OR'), name='only_a_merged_municipality_has_another', violation_error_message='Vælg, hvilken kommune den er lagt sammen med.'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='an_extension_has_a_reason', violation_error_message='Skriv, hvorfor fristen forlænges.'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('until__gt', models.F('at'))), name='an_extension_is_in_the_future', violation_error_message='Den nye frist skal ligge i fremtiden.'),
        ),
        migrations.AddConstraint(
            model_name='guidancetext',
            constraint=models.UniqueConstraint(fields=('round', 'field'), name='one_guidance_a_field_and_round', violation_error_message='Feltet har allerede en vejledning i kortlægningen.'),
        ),
        migrations.AddConstraint(
            model_name='guidancetext',
            constraint=models.CheckConstraint(condition=models.Q(('field__in', ('service_area', 'title', 'gross_expenditure', 'gross_income', 'funding_sources', 'legal_basis', 'primary_target_group', 'secondary_target_group', 'content', 'purpose', 'time_horizon', 'target_share'))), name='guidance_field_is_known', violation_error_message='Vælg et af spørgeskemaets felter.'),
        ),
        migrations.AddConstraint(
            model_name='guidancetext',
            constraint=models.CheckConstraint(condition=models.Q(('text__regex', '\\S')), name='guidance_says_something', violation_error_message='Skriv vejledningen.'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(condition=models.Q(('sent_at__isnull', True), ('stopped_at__isnull', True)), fields=['send_at'], name='reminder_waiting'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('round', 'number'), name='one_reminder_a_number_and_round', violation_error_message='Kortlægningen har allerede denne påmindelse.'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('number__range', (1, 5))), name='at_most_five_reminders', violation_error_message='En kortlægning har højst fem påmindelser.'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('round', 'send_at'), name='one_reminder_at_a_time', violation_error_message='Der er allerede en påmindelse på dette tidspunkt.'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('targets__len__gte', 1), ('targets__contained_by', ['not_begun', 'begun', 'returned'])), name='a_reminder_has_targets', violation_error_message='Vælg, hvem påmindelsen skal til.'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('subject__regex', '\\S'), ('text__regex', '\\S')), name='a_reminder_says_something', violation_error_message='Skriv emne og tekst.'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('stopped_at__isnull', True), _connector='OR'), name='a_stopped_reminder_is_not_sent', violation_error_message='Påmindelsen er enten sendt eller stoppet.'),
        ),
        migrations.AddConstraint(
            model_name='roundevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['trial_started', 'trial_ended', 'opened', 'dates_changed', 'closed', 'lock_asked', 'locked', 'archived', 'reopened'])), name='round_event_kind_is_known', violation_error_message='Hændelsen er af en ukendt slags.'),
        ),
        migrations.AddConstraint(
            model_name='roundevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['reopened', 'dates_changed']), _negated=True), ('reason__regex', '\\S'), _connector='OR'), name='reopening_and_new_dates_have_a_reason', violation_error_message='Skriv en begrundelse.'),
        ),
        migrations.AddIndex(
            model_name='roundmail',
            index=models.Index(fields=['round', 'municipality'], name='mails_of_a_municipality'),
        ),
        migrations.AddConstraint(
            model_name='roundmail',
            constraint=models.UniqueConstraint(fields=('reminder', 'municipality', 'to'), name='one_mail_an_address_and_reminder', violation_error_message='Påmindelsen er allerede sendt til adressen.'),
        ),
        migrations.AddConstraint(
            model_name='roundphase',
            constraint=models.UniqueConstraint(fields=('round', 'kind'), name='one_phase_a_kind_and_round', violation_error_message='Fasen findes allerede i kortlægningen.'),
        ),
        migrations.AddConstraint(
            model_name='roundphase',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='a_phase_ends_after_it_starts', violation_error_message='Fasens sidste dag kan ikke ligge før den første.'),
        ),
        migrations.AddConstraint(
            model_name='roundphase',
            constraint=models.CheckConstraint(condition=models.Q(('responsible', ''), _negated=True), name='a_phase_has_a_responsible', violation_error_message='Skriv, hvem der er ansvarlig.'),
        ),
    ]
