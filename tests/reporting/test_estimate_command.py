import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from reporting.national import AREAS, VARIABLES
from reporting.strata import METHODS
from tests.reporting.rows import Row
from tests.reporting.test_estimation import EXPENDITURE, M
from tests.reporting.test_estimation_against_r import EXPECTED, IN_R, REFERENCE

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ["code", "name", "population", "immigrants", "region", "responded", "n_initiatives"]
COLUMNS += [f"{kind}_{area}" for kind in ("exp", "inc") for area in AREAS]


def write(path, rows):
    """The municipal file of rows with one amount, all expenditure on employment."""
    lines = [COLUMNS]
    for number, row in enumerate(rows):
        amounts = [int(row.amounts[0] > 0), row.amounts[0], *[0] * 11] if row.responded else [""] * 13
        head = [991 + number, f"K{number}", row.inhabitants, row.immigrants, row.region, int(row.responded)]
        lines.append([*head, *amounts])
    path.write_text("\n".join(",".join(map(str, line)) for line in lines))
    return str(path)


@pytest.fixture
def m_csv(tmp_path):
    """The hand example as a file."""
    columns = (M.inhabitants, M.immigrants, M.regions, M.responded, EXPENDITURE)
    rows = [Row(x, z, region, r, (y,)) for x, z, region, r, y in zip(*columns, strict=True)]
    path = tmp_path / "M.csv"
    write(path, rows)
    return path


def run(*arguments):
    out = io.StringIO()
    call_command("estimate", *arguments, stdout=out)
    return out.getvalue()


def json_and_status(*arguments):
    """What is printed, and the exit status."""
    out = io.StringIO()
    try:
        call_command("estimate", *arguments, "--format", "json", stdout=out)
        return json.loads(out.getvalue()), 0
    except SystemExit as ended:
        return json.loads(out.getvalue()), ended.code


def test_json_of_a_file_has_the_documented_form(m_csv):
    result = json.loads(run("--from-csv", str(m_csv), "--format", "json"))
    assert list(result) == [
        "method", "N", "n", "estimates", "sensitivity", "municipality_counts", "regions"
    ]  # fmt: skip
    assert (result["method"], result["N"], result["n"]) == ("a", 6, 4)
    assert tuple(result["estimates"]) == VARIABLES
    total = result["estimates"]["exp_total"]
    assert list(total) == ["reported", "total", "se", "se_jackknife", "df", "ci95", "note"]
    assert total["total"] == pytest.approx(3466.666666666667, rel=1e-12)
    assert total["ci95"][0] == 2400 and total["note"] == "too_uncertain"
    assert list(result["sensitivity"]) == ["zero", "lower_quartile", "median", "upper_quartile"]
    assert list(result["municipality_counts"]) == ["zero", "below_1_kr", "above_50_kr"]
    count = result["municipality_counts"]["zero"]
    assert list(count) == ["observed", "srs_total", "srs_se", "strat_total", "strat_se"]
    assert list(result["regions"]) == ["I", "II"]
    region = result["regions"]["I"]
    assert list(region) == ["N", "n", "population", "coverage_pct", "estimates"]
    assert (region["N"], region["n"], region["population"], region["coverage_pct"]) == (3, 2, 60_000, 50)
    assert region["estimates"]["exp_total"]["total"] == 3600


def test_a_file_without_regions_or_immigrants_does_for_a_e_and_f(m_csv, tmp_path):
    lines = [line.split(",") for line in m_csv.read_text().splitlines()]
    bare = tmp_path / "bare.csv"
    bare.write_text("\n".join(",".join([*line[:1], line[2], *line[5:]]) for line in lines))
    result, status = json_and_status("--from-csv", str(bare), "--method", "all")
    refused = {method: found["refused"] for method, found in result["methods"].items() if "refused" in found}
    assert list(refused) == ["b", "c", "d"] and status == 0
    assert "uden region" in refused["b"] and "indvandrere og efterkommere mangler for 991" in refused["d"]
    assert result["methods"]["a"]["regions"] == {}
    assert "uden region" in result["methods"]["a"]["municipality_counts"]["zero"]["strat_refused"]


@pytest.mark.parametrize("name", ["P", "Q", "M"])
def test_the_reference_files_equal_r_by_all_methods(name):
    result = json.loads(
        run("--from-csv", str(REFERENCE / f"{name}.csv"), "--format", "json", "--method", "all")
    )
    assert list(result["methods"]) == list(METHODS)
    for method, found in result["methods"].items():
        r = EXPECTED[name][IN_R[method]]
        for variable, e in found["estimates"].items():
            mine = [e["total"], e["se"], e["se_jackknife"], *e["ci95"]]
            theirs = [r[variable][key] for key in ("total", "se", "se_jk")] + r[variable]["ci95_trunc"]
            assert mine == pytest.approx(theirs, rel=1e-9, abs=0), (method, variable)


def test_several_methods_stand_in_the_order_asked_for(m_csv):
    result, _ = json_and_status("--from-csv", str(m_csv), "--method", "e,a,e")
    assert list(result["methods"]) == ["e", "a"]


def test_the_table_is_for_people(m_csv):
    text = run("--from-csv", str(m_csv))
    assert "4 af 6 kommuner har svaret" in text and "3466.7" in text
    assert "en tilfældig del af alle kommuner" in text and "median 3800.0" in text
    both = run("--from-csv", str(m_csv), "--method", "a,b")
    assert "Metode a, 4 af 6" in both and "Metode b, 4 af 6" in both and "4300.0" in both


def row(inhabitants, amount=None, region="N", immigrants=100):
    return Row(inhabitants, immigrants, region, amount is not None, (amount,))


ANSWERED = [row(10_000, 5), row(20_000, 7), row(30_000)]
BELOW = [row(100_000, 1000)] * 2 + [row(90_000, 0, "E")] * 2 + [row(10_000, region="E")] * 18
REFUSALS = [  # method, municipalities, what the reason says
    ("a", [row(10_000)] * 3, "Ingen af de 3 kommuner har svaret"),
    ("a", [row(10_000, 5), row(20_000)], "Kun én af de 2 kommuner har svaret"),
    ("b", [*ANSWERED, row(10_000, region="S")], "Den ene kommune (S) har ikke svaret"),
    (
        "b",
        [*ANSWERED, row(10_000, 1, "S"), row(10_000, region="S")],
        "Kun én af de 2 kommuner (S) har svaret",
    ),
    ("c", [*ANSWERED, row(10_000, region="S")], "Den ene kommune (S) har ikke svaret"),
    ("c", BELOW, "er mindre end den indberettede (2.000)"),
    ("d", [*ANSWERED, row(10_000, 5, immigrants="")], "mangler for K3"),
    ("e", [*ANSWERED, row(100_000)], "mindst 100.000 indbyggere. K3 mangler"),
    ("e", [row(100_000, 5), row(20_000)], "(under 100.000 indbyggere)"),
    ("f", [*ANSWERED, row(60_000)], "(50.000-99.999 indbyggere) har ikke svaret"),
]


@pytest.mark.parametrize(("method", "rows", "reason"), REFUSALS)
def test_every_refusal_ends_with_2_and_its_reason(tmp_path, method, rows, reason):
    path = write(tmp_path / "refused.csv", rows)
    result, status = json_and_status("--from-csv", path, "--method", method)
    assert status == 2 and list(result) == ["refused"]
    assert reason in result["refused"]
    together, status = json_and_status("--from-csv", path, "--method", "all")
    assert together["methods"][method]["refused"] == result["refused"]
    figures = [found for found in together["methods"].values() if "estimates" in found]
    assert status == (0 if figures else 2)


def test_all_methods_may_be_refused(tmp_path):
    path = write(tmp_path / "silent.csv", [row(10_000)] * 3)
    result, status = json_and_status("--from-csv", path, "--method", "all")
    assert status == 2 and all(list(found)[3:] == ["refused"] for found in result["methods"].values())


def test_a_refused_region_leaves_the_others(tmp_path):
    path = write(tmp_path / "regions.csv", [*ANSWERED, row(10_000, region="S")])
    result, status = json_and_status("--from-csv", path)
    assert status == 0 and "refused" in result["regions"]["S"]
    assert result["regions"]["N"]["estimates"]["exp_total"]["total"] == 24


def test_a_blank_is_no_zero(tmp_path):
    blank = json_and_status("--from-csv", write(tmp_path / "1.csv", ANSWERED))[0]
    zero = json_and_status("--from-csv", write(tmp_path / "2.csv", [*ANSWERED[:2], row(30_000, 0)]))[0]
    assert (blank["n"], blank["estimates"]["exp_total"]["total"]) == (2, 24)
    assert (zero["n"], zero["estimates"]["exp_total"]["total"]) == (3, 12)


@pytest.mark.parametrize("output", ["json", "table"])
def test_the_exit_status_of_the_process_itself(tmp_path, output):
    path = write(tmp_path / "refused.csv", [row(10_000, 5), row(20_000)])
    command = [sys.executable, "manage.py", "estimate", "--from-csv", path, "--format", output]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "Kun én af de 2 kommuner" in (ended.stdout if output == "json" else ended.stderr)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("n_initiatives", "antal"), r"M.csv, linje 1: disse kolonner mangler: n_initiatives"),
        (("II,1,0,0,0", "II,1,,0,0"), r"M.csv, linje 5: kolonne n_initiatives er tom"),
        (
            ("II,1,0,0,0", "II,1,0,x,0"),
            r"linje 5: kolonne exp_employment: ”x” er ikke et tal",
        ),
        (("994,", "992,"), r"M.csv, linje 5: kolonne code: kommunen 992 står også længere oppe"),
    ],
)
def test_a_bad_file_is_one_line_with_row_and_column(m_csv, change, message):
    m_csv.write_text(m_csv.read_text().replace(*change))
    with pytest.raises(CommandError, match=message) as bad:
        run("--from-csv", str(m_csv), "--format", "json")
    assert "\n" not in str(bad.value) and bad.value.returncode == 1


def test_other_mistakes_say_what_to_do(m_csv, tmp_path):
    latin = tmp_path / "latin.csv"
    latin.write_bytes("code,navn\n101,Ærø".encode("latin-1"))
    for arguments, message in (
        (["--from-csv", str(tmp_path / "no.csv")], "kan ikke åbnes"),
        (["--from-csv", str(tmp_path)], "kan ikke åbnes"),
        (["--from-csv", str(latin)], "kommasepareret CSV i UTF-8"),
        (["--from-csv", str(m_csv), "--method", "q"], "Metoden q findes ikke"),
        (["--from-csv", str(m_csv), "--price-level", "2022"], "hører til databasen"),
        (["--from-csv", str(m_csv), "2019"], "Skriv enten"),
        ([], "Skriv enten"),
    ):
        with pytest.raises(CommandError, match=message) as wrong:
            run(*arguments)
        assert "\n" not in str(wrong.value)


def test_a_round_by_its_year_or_its_id(answered):
    by_year = json.loads(run("2025", "--format", "json"))
    by_id = json.loads(run(str(answered.round.pk), "--format", "json"))
    assert by_year["estimates"] == by_id["estimates"]
    assert by_year["estimates"]["exp_total"]["reported"] == 6850
    assert by_year["basis"]["respondents"] == 3 and by_year["basis"]["price_level"] == 2025
    assert "3 af 4 kommuner har svaret" in run("2025")


def test_a_rounds_methods_each_have_their_basis(answered):
    result, status = json_and_status("2025", "--method", "a,d,e")
    assert status == 0
    bases = [found["basis"] for found in result["methods"].values()]
    assert [basis["method"] for basis in bases] == ["a", "d", "e"]
    assert [basis["denominator"] for basis in bases] == ["inhabitants", "immigrants", "inhabitants"]
    assert "mangler for Langeland, Lemvig, Odense" in result["methods"]["d"]["refused"].replace(
        "Aarhus, ", ""
    )
    assert result["methods"]["e"]["refused"].startswith("Kun én af de 2 kommuner (under 100.000")
    text = run("2025", "--method", "a,d")
    assert "Metode d, 3 af 4 kommuner har svaret" in text and result["methods"]["d"]["refused"] in text


def test_as_at_takes_danish_time(answered):
    with pytest.raises(CommandError, match="Ingen af de 4 kommuner"):
        run("2025", "--as-at", "2024-12-01T12:00")
    with pytest.raises(CommandError, match="der er passeret"):
        run("2025", "--as-at", "2090-01-01T00:00+01:00")
    assert run("2025", "--as-at", timezone.now().isoformat())


def test_unknown_rounds_times_and_levels(answered):
    for arguments, message in (
        (["2020"], "Kortlægningen 2020 findes ikke. Der er: 2025"),
        (["²"], "findes ikke"),
        (["99999999999999999999"], "findes ikke"),
        (["2025", "--as-at", "i går"], "skriv et tidspunkt"),
        (["2025", "--as-at", "0001-01-01"], "skriv et tidspunkt"),
        (["2025", "--price-level", "22"], "skriv et år"),
        (["2025", "--price-level", "2026"], "Pris- og lønskønnet for 2026 mangler"),
    ):
        with pytest.raises(CommandError, match=message):
            run(*arguments)
