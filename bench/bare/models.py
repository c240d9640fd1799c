from django.db import models


class Plain(models.Model):
    """Ten fields of the questionnaire's kinds, without its rules."""

    title = models.CharField(max_length=200)
    gross_expenditure = models.BigIntegerField()
    gross_income = models.BigIntegerField()
    funding_source = models.CharField(
        max_length=10, choices=[("state", "Stat"), ("private", "Privat"), ("own", "Kommune")]
    )
    legal_basis = models.CharField(max_length=300)
    primary_target_group = models.CharField(max_length=30, choices=[("a", "a)"), ("b", "b)"), ("c", "c)")])
    secondary_target_group = models.CharField(
        max_length=10,
        choices=[("men", "Mænd"), ("women", "Kvinder"), ("children", "Børn"), ("several", "Flere")],
    )
    content = models.TextField()
    purpose = models.TextField()
    target_share = models.SmallIntegerField()

    def __str__(self):
        return self.title
