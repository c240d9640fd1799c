"""An uploaded workbook between its preview and its confirmation; gone after either or after a day."""

import uuid

from django.conf import settings
from django.db import models

from survey.models.submissions import Submission


class UploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(uploaded_by=user, submission__in=Submission.objects.worked_on_by(user))


class Upload(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="uploads")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=255)
    content = models.BinaryField()  # at most 5 MB; in the database, so that every web host can confirm it

    objects = UploadQuerySet.as_manager()

    def __str__(self):
        return self.name
