"""The hit list once more, from docs/statistics.md alone: plain loops over model instances, no numpy."""

import math
from collections import defaultdict
from fractions import Fraction
from statistics import median, quantiles

from municipalities.models import PopulationCount
from reporting.models import PriceRate
from survey.models import Adjustment, Submission, SurveyRound

OF_PERSONS = {"cpr_number", "person_email", "phone_number"}
OWN_AMOUNT = {"unlike_peers", "changed", "duplicate", "like_kroner", "expenditure_in_kroner"}


def naive_hits(survey_round: SurveyRound) -> list[dict]:
    """By score: code, uuid (None of an answer), rules, suspicion, influence, share, score, remaining."""
    units = _read(survey_round, survey_round.price_level)
    people = _people(survey_round)
    before = _read(
        SurveyRound.objects.filter(accounts_year__lt=survey_round.accounts_year).latest("accounts_year"),
        survey_round.price_level,
    )
    was = {(one["code"], one["uuid"]): one["amount"] for rows in before.values() for one in rows}
    singles = [one for rows in units.values() for one in rows]
    for one in singles:
        one["before"] = was.get((one["code"], one["uuid"]))
    _judge(singles, people, [*units], "unlike_peers", "changed", with_fence=False)
    _duplicates(units)
    _soft(singles)
    _kroner(singles)
    for one in singles:
        for rule in survey_round.retired_rules:
            one["degrees"].pop(rule, None)
        if one["degrees"] and one["degrees"].keys() <= OF_PERSONS:
            one["expected"] = one["amount"]
        doubted = OWN_AMOUNT & one["degrees"].keys()
        one["doubt"] = one["amount"] - one["expected"] if doubted else 0.0
    wholes = []
    for code, rows in units.items():
        largest = max([one["doubt"] for one in rows], key=abs, default=0.0)
        total = sum(one["amount"] for one in rows)
        wholes.append(
            {
                "code": code,
                "uuid": None,
                "amount": total - largest,
                "left": total - sum(one["doubt"] for one in rows),
                "before": sum(one["amount"] for one in before[code]) if code in before else None,
            }
        )
    _judge(wholes, people, [*units], "answer_unlike_peers", "answer_changed", with_fence=True)
    weight = sum(people.values()) / sum(people[code] for code in units)
    return _ranked(survey_round, singles, wholes, weight)


def _read(survey_round: SurveyRound, level: int) -> dict[str, list[dict]]:
    factor = Fraction(1)
    for year in range(survey_round.accounts_year + 1, level + 1):
        factor *= 1 + Fraction(PriceRate.objects.get(year=year).percent) / 100
    found: dict[str, list[dict]] = {}
    last = {one.initiative_id: one for one in Adjustment.objects.order_by("pk")}
    submissions = Submission.objects.filter(round=survey_round).select_related("municipality", "region")
    for submission in submissions.prefetch_related("versions__initiatives__passed_warnings"):
        version = max(submission.versions.all(), key=lambda one: one.number, default=None)
        if version is None:
            continue
        rows = found[submission.municipality.code] = []
        for initiative in sorted(version.initiatives.all(), key=lambda one: one.position):
            latest = last.get(initiative.pk)
            counts = initiative
            if latest and latest.kind == "adjusted":
                if latest.out_of_scope:
                    continue
                counts = latest.adjusted(initiative)
            rows.append(
                {
                    "initiative": initiative,
                    "code": submission.municipality.code,
                    "uuid": initiative.uuid,
                    "area": counts.service_area,
                    "region": submission.region.code,
                    "title": initiative.title,
                    "equal": (counts.gross_expenditure, counts.gross_income),
                    "amount": float(counts.gross_expenditure * factor),
                    "settled": latest is not None and latest.kind in ("adjusted", "accepted"),
                }
            )
    return found


def _people(survey_round: SurveyRound) -> dict[str, int]:
    counts = PopulationCount.objects.filter(date=survey_round.population_date).order_by("recorded_at", "pk")
    return dict(counts.values_list("municipality__code", "inhabitants"))


def _size(inhabitants: int) -> str:
    return "S" if inhabitants < 50_000 else "M" if inhabitants < 100_000 else "L"


def _judge(units, people, answered, unlike, changed, *, with_fence) -> None:
    rates_of = {}
    for size in "SML":
        like = [code for code in answered if _size(people[code]) == size]
        peers = like if len(like) >= 5 else answered
        rates_of[size] = [one["amount"] / people[one["code"]] for one in units if one["code"] in peers]
    for one in units:
        rates = rates_of[_size(people[one["code"]])]
        rate = one["amount"] / people[one["code"]]
        expected = people[one["code"]] * median(rates)
        one["expected"] = expected if one["before"] is None else one["before"]
        degree = max(_z(rate, rates) / 3.5, _fence(rate, rates) if with_fence else 0)
        one["degrees"] = {unlike: min(degree, 20)} if degree > 1 else {}
        if one["before"] and not one["amount"]:
            one["degrees"][changed] = 1
    for one, degree in _changes([one for one in units if one["before"] and one["amount"]]):
        if degree > 1:
            one["degrees"][changed] = min(degree, 20)


def _z(rate, rates) -> float:
    logs = [math.log(other) for other in rates if other > 0]
    middle = median(logs)
    mad = median([abs(u - middle) for u in logs])
    return abs(0.6745 * (math.log(rate) - middle) / mad) if rate > 0 and mad else 0


def _fence(rate, rates) -> float:
    lower, _middle, upper = quantiles([other for other in rates if other > 0], method="inclusive")
    return (rate - upper) / (3 * (upper - lower)) if rate > 0 else 0


def _changes(pairs):
    """Hidiroglou & Berthelot; what is less than a tenth off the others' change is none."""
    middle = median([one["amount"] / one["before"] for one in pairs])
    scores = []
    for one in pairs:
        ratio = one["amount"] / one["before"]
        s = 1 - middle / ratio if ratio < middle else ratio / middle - 1
        scores.append((s, s * math.sqrt(max(one["amount"], one["before"]))))
    low, center, high = quantiles([score for _s, score in scores], method="inclusive")
    for one, (s, score) in zip(pairs, scores, strict=True):
        reach = 4 * max(center - low if score < center else high - center, abs(0.05 * center))
        if abs(s) >= 0.1:
            yield one, abs(score - center) / reach


def _duplicates(units) -> None:
    for rows in units.values():
        for number, one in enumerate(rows):
            for other in rows[:number]:
                if one["equal"] == other["equal"] and _alike(one["title"], other["title"]) > 0.6:
                    one["degrees"]["duplicate"], one["expected"] = 20, 0.0


def _alike(one: str, other: str) -> float:
    """PostgreSQL's pg_trgm."""

    def trigrams(text):
        words = "".join(sign if sign.isalnum() else " " for sign in text.lower()).split()
        return {f"  {word} "[n : n + 3] for word in words for n in range(len(word) + 1)}

    a, b = trigrams(one), trigrams(other)
    return len(a & b) / len(a | b)


def _soft(singles) -> None:
    for one in singles:
        for passed in one["initiative"].passed_warnings.all():
            one["degrees"][passed.rule] = 1


def _kroner(singles) -> None:
    """25 times the area's median, from five municipalities or more."""
    for area in {one["area"] for one in singles}:
        peers = [one for one in singles if one["area"] == area and one["equal"][0] > 0]
        if len({one["code"] for one in peers}) < 5:
            continue
        limit = 25 * median([one["equal"][0] for one in peers])
        for one in peers:
            if one["equal"][0] > limit:
                one["degrees"]["like_kroner"] = min(one["equal"][0] / limit, 20)


def _order(one) -> tuple:
    pk = one["initiative"].pk if one["uuid"] else 0
    return -one["score"], -one["suspicion"], one["code"], pk


def _ranked(survey_round, singles, wholes, weight) -> list[dict]:
    region_of = dict(
        Submission.objects.filter(round=survey_round).values_list("municipality__code", "region__code")
    )
    areas, regions = defaultdict(float), defaultdict(float)
    for one in singles:
        areas[one["area"]] += weight * (one["amount"] - one["doubt"])
    for one in wholes:
        regions[region_of[one["code"]]] += weight * (one["expected"] if one["degrees"] else one["left"])
        mine = [single for single in singles if single["code"] == one["code"]]
        one["settled"] = bool(mine) and all(single["settled"] for single in mine)
    found = [one for one in [*singles, *wholes] if one["degrees"]]
    for one in found:
        one["rules"] = {*one["degrees"]}
        one["suspicion"] = max(one["degrees"].values())
        one["influence"] = weight * abs(one.get("left", one["amount"]) - one["expected"])
        of = [sum(regions.values()), regions[region_of[one["code"]]]]
        of += [areas[one["area"]]] if one["uuid"] else []
        one["share"] = max(one["influence"] / total for total in of if total > 0)
        one["score"] = one["suspicion"] * one["share"]
    found.sort(key=_order)
    for rank, one in enumerate(found):
        one["remaining"] = sum(below["influence"] for below in found[rank + 1 :] if not below["settled"])
    return found
