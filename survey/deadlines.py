"""When a submission may be worked on. Plain values in, plain values out; intervals are half-open."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def may_enter(
    *,
    submission_state: str,
    round_state: str,
    opens_at: datetime,
    edit_until: datetime,
    return_due_at: datetime | None,
    now: datetime,
) -> bool:
    """Whether initiatives may be entered and handed in at `now` (the database's clock).

    A draft: while its round is open and [opens_at, edit_until) holds `now`; after the deadline it
    is late, not refused. A returned one: before its own due date, though the round be closed. In a trial
    always. `edit_until` is the municipality's own, if it got more time.
    """
    if round_state == "trial":
        return submission_state == "draft"
    if submission_state == "draft":
        return round_state == "open" and opens_at <= now < edit_until
    if submission_state == "returned":
        return round_state in ("open", "closed") and return_due_at is not None and now < return_due_at
    return False


def may_withdraw(
    *, round_state: str, edit_until: datetime, return_due_at: datetime | None, now: datetime
) -> bool:
    """An answer may be taken back for as long as a new one could be handed in.

    `return_due_at` is that of the return that the answer came after, if it did.
    """
    if return_due_at is not None:
        return round_state in ("open", "closed") and now < return_due_at
    return round_state == "open" and now < edit_until


def last_day(too_late: datetime) -> date:
    """The Danish day of the last moment in time; of a deadline at 00.00 that is the day before it."""
    return (too_late - timedelta(microseconds=1)).astimezone(COPENHAGEN).date()


def is_late(*, submitted_at: datetime, deadline: datetime, first_returned_at: datetime | None) -> bool:
    """Whether an answer came after the deadline; one that answers a return has a due date of its own."""
    answers_a_return = first_returned_at is not None and submitted_at > first_returned_at
    return submitted_at >= deadline and not answers_a_return
