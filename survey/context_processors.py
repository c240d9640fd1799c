from django.conf import settings
from django.utils.functional import SimpleLazyObject

from survey.models import SurveyRound


def page(request):
    """What every page needs: whether the figures on it are made up. A view that knows says so itself."""
    return {
        "is_demo": SimpleLazyObject(SurveyRound.objects.filter(is_demo=True).exists),
        "mails_are_shown": settings.MAILS_ARE_SHOWN,
    }
