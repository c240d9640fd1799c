from django.shortcuts import redirect, render

from survey.models import Submission


def home(request):
    """Where one comes in: the ministry to its overview, a municipality to its newest answer, never to a
    trial beside it."""
    if request.user.is_ministry:
        return redirect("reporting:home")
    submissions = list(
        Submission.objects.visible_to(request.user)
        .select_related("round", "municipality")
        .order_by("-round__accounts_year", "municipality__sort_key")
    )
    submissions.sort(key=lambda submission: not submission.round.is_opened)
    if submissions and len(request.user.municipality_ids) == 1:
        return redirect(submissions[0])
    return render(request, "survey/home.html", {"submissions": submissions})
