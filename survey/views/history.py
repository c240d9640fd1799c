from django.core.paginator import Paginator
from django.shortcuts import render

from survey.history.entries import entries
from survey.history.lines import lines
from survey.views.submissions import get_submission

A_PAGE = 40  # lines


def history(request, code, year):
    """Who did what when, the newest first: for the municipality, which alone sees its drafts."""
    submission = get_submission(request, code, year)
    page = Paginator(entries(submission, request.user), A_PAGE).get_page(request.GET.get("side"))
    context = {"submission": submission, "page": page, "lines": lines(submission, page)}
    return render(request, "survey/history.html", context)
