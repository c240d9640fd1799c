from survey.models import SurveyRound


def page(request):
    """What every page needs: whether the figures on it are made up."""
    return {"is_demo": SurveyRound.objects.filter(is_demo=True).exists()}
