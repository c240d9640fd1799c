"""One initiative where it cannot be edited: what stands in it, and what the ministry has said about it."""

from dataclasses import dataclass

from django.shortcuts import render

from survey.adjusting import still_in_force
from survey.dialogue import Thread, messages_by_field
from survey.models import Adjustment, Initiative, SubmissionVersion
from survey.models.initiatives import READING_ORDER
from survey.questionnaire import FIELD_NAMES, anchor


@dataclass(frozen=True)
class Field:
    """A field's texts; `corrected` is what counts instead, "" where nothing is corrected. Its id is the one
    that it has on the form, so that the dialogue's links land there."""

    id: str
    label: str
    text: str
    corrected: str
    threads: list[Thread]


def read_page(request, initiative: Initiative):
    submission = initiative.submission
    counting = SubmissionVersion.objects.filter(submission=submission).reported()
    corrections = Adjustment.objects.visible_to(request.user).to_read(counting.values("pk"))
    adjustments = list(corrections.filter(initiative__uuid=initiative.uuid))
    in_force = next(iter(still_in_force(adjustments)), None)
    threads = messages_by_field(submission, initiative.uuid)
    context = {
        "initiative": initiative,
        "submission": submission,
        "round": submission.round,
        "fields": _fields(initiative, in_force, threads),
        "threads": threads.get("", []),  # about the initiative as a whole
        "adjustments": adjustments,
        "version_counts": True,
        "out_of_scope": in_force is not None and in_force.out_of_scope,
    }
    return render(request, "survey/initiative_read.html", context)


def _fields(
    initiative: Initiative, in_force: Adjustment | None, threads: dict[str, list[Thread]]
) -> list[Field]:
    changes = in_force.changes() if in_force else {}
    counts = in_force.adjusted(in_force.initiative) if in_force else initiative
    return [
        Field(
            id=anchor(name).removeprefix("#"),
            label=initiative.label(name),
            text=initiative.text(name),
            corrected=counts.text(name) if name in changes else "",
            threads=threads.get(name, []),
        )
        for name in READING_ORDER
        if name in FIELD_NAMES or getattr(initiative, name)
    ]
