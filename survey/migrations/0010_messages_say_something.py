from django.db import migrations, models

FIELDS = [
    "",
    "service_area",
    "title",
    "gross_expenditure",
    "gross_income",
    "funding_sources",
    "legal_basis",
    "primary_target_group",
    "secondary_target_group",
    "content",
    "purpose",
    "time_horizon",
    "target_share",
]


class Migration(migrations.Migration):
    dependencies = [("survey", "0009_history")]

    operations = [
        migrations.RemoveConstraint(model_name="message", name="a_message_is_written"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("text__regex", r"\S")),
                name="a_message_is_written",
                violation_error_message="Skriv en besked.",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("field__in", FIELDS)),
                name="message_field_is_known",
                violation_error_message="Vælg et af spørgeskemaets felter.",
            ),
        ),
    ]
