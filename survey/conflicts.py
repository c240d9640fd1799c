"""Two edits of one initiative that met: both sides of what differs, and what the user chose of them."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from survey.catalogue import BY_ID
from survey.differences import FieldChange, field_changes
from survey.forms.initiative import REASON, InitiativeForm
from survey.models import Initiative, WarningReason

MINE, THEIRS, EACH = "mine", "theirs", "each"  # what `keep` says: all of the one, or field by field


def differing(form: InitiativeForm, current: Initiative) -> list[FieldChange]:
    """What is stored now (old) and what was written (new), where they differ. A field with an error is
    left out: it is not to be stored, and its text stays where it was written."""
    names = form.valid_names
    changes = [change for change in field_changes(current, form.instance) if change.name in names]
    stored = _stored_reasons(current) if form.reasons else {}
    for rule, reason in form.reasons.items():
        if reason.strip() != stored.get(rule, ""):
            label = _("Begrundelse ved %s") % Initiative.label(BY_ID[rule].fields[0])
            changes.append(FieldChange(f"{REASON}{rule}", label, stored.get(rule, ""), reason))
    return changes


def chosen(data: QueryDict, current: Initiative | None, accounts_year: int) -> QueryDict:
    """The posted fields as the user wants them after having seen both sides (`keep` and `choice_<field>`).

    `compared` is the revision that was shown: a still newer one is a new conflict.
    """
    keep = data.get("keep")
    if keep not in (MINE, THEIRS, EACH):
        return data
    data = data.copy()
    data["revision"] = data.get("compared", "")
    theirs = {name: [""] for name in data if name.startswith(REASON)}
    theirs |= _as_posted(current, accounts_year) if current else {}
    for name in [name for name in data if name.startswith(REASON) and not data.get(name, "").strip()]:
        if keep == MINE or f"choice_{name}" not in data:
            del data[name]  # nothing was written there: what is stored stays
    for name, values in theirs.items():
        if keep == THEIRS or (keep == EACH and data.get(f"choice_{name}") == THEIRS):
            data.setlist(name, values)
    return data


def _as_posted(current: Initiative, accounts_year: int) -> dict[str, list[str]]:
    """What the page would post of the stored initiative, had nobody changed it."""
    form = InitiativeForm(instance=current, accounts_year=accounts_year)
    values = {name: form[name].value() for name in form.fields if name != "revision"}
    posted = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    posted = {name: ["" if value is None else str(value) for value in all_] for name, all_ in posted.items()}
    return posted | {f"{REASON}{rule}": [text] for rule, text in _stored_reasons(current).items()}


def _stored_reasons(current: Initiative) -> dict[str, str]:
    reasons = WarningReason.objects.filter(submission=current.submission_id, uuid=current.uuid)
    return dict(reasons.values_list("rule", "reason"))
