from django.contrib.auth.decorators import login_required
from django.forms import modelform_factory
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import include, path

from bench.bare.models import Plain

Form = modelform_factory(Plain, fields="__all__")


@login_required
def edit(request, pk):
    row = get_object_or_404(Plain, pk=pk)
    form = Form(request.POST or None, instance=row)
    if form.is_valid():
        form.save()
        return redirect("edit", pk)
    return render(request, "bare/form.html", {"form": form})


urlpatterns = [path("<int:pk>/", edit, name="edit"), path("konto/", include("allauth.urls"))]
