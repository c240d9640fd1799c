import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from reporting.national import AREAS, VARIABLES
from tests.reporting.test_estimation import EXPENDITURE, REFERENCE, M

COLUMNS = ["code", "population", "responded", "n_initiatives"]
COLUMNS += [f"{kind}_{area}" for kind in ("exp", "inc") for area in AREAS]


@pytest.fixture
def m_csv(tmp_path):
    """The hand example as a file, all expenditure on employment."""
    lines = [",".join(COLUMNS)]
    for number, (x, responded, y) in enumerate(zip(M.inhabitants, M.responded, EXPENDITURE, strict=True)):
        amounts = [str(int(y > 0)), str(y), *["0"] * 11] if responded else [""] * 13
        lines.append(",".join([str(991 + number), str(x), str(int(responded)), *amounts]))
    path = tmp_path / "M.csv"
    path.write_text("\n".join(lines))
    return path


def run(*arguments):
    out = io.StringIO()
    call_command("estimate", *arguments, stdout=out)
    return out.getvalue()


def test_json_of_a_file_has_the_documented_form(m_csv):
    result = json.loads(run("--from-csv", str(m_csv), "--format", "json"))
    assert list(result) == ["method", "N", "n", "estimates"]
    assert (result["method"], result["N"], result["n"]) == ("a", 6, 4)
    assert tuple(result["estimates"]) == VARIABLES
    total = result["estimates"]["exp_total"]
    assert list(total) == ["reported", "total", "se", "df", "ci95"]
    assert total["total"] == pytest.approx(3466.666666666667, rel=1e-12)
    assert total["ci95"][0] == 2400


def test_the_reference_files_equal_r():
    result = json.loads(run("--from-csv", str(REFERENCE / "P.csv"), "--format", "json"))
    r = json.loads((REFERENCE / "expected.json").read_text())["P"]["a_ratio_population"]
    for variable, e in result["estimates"].items():
        assert e["se"] == pytest.approx(r[variable]["se"], rel=1e-9), variable


def test_the_table_is_for_people(m_csv):
    text = run("--from-csv", str(m_csv))
    assert "4 af 6 kommuner har svaret" in text and "3466.7" in text


@pytest.mark.parametrize("output", ["json", "table"])
def test_a_refusal_ends_with_2_and_the_reason(m_csv, output, capsys):
    kept = [line for line in m_csv.read_text().splitlines() if not line.startswith(("992", "994", "995"))]
    m_csv.write_text("\n".join(kept))
    if output == "json":
        out = io.StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("estimate", "--from-csv", str(m_csv), "--format", "json", stdout=out)
        assert ended.value.code == 2
        assert list(json.loads(out.getvalue())) == ["refused"]
        assert "Kun én af de 3 kommuner" in out.getvalue()
    else:
        with pytest.raises(CommandError, match="Kun én af de 3 kommuner") as refused:
            run("--from-csv", str(m_csv))
        assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("n_initiatives", "antal"), r"M.csv, linje 1: disse kolonner mangler: n_initiatives"),
        (("994,40000,1,0,0", "994,40000,1,,0"), r"M.csv, linje 5: kolonne n_initiatives er tom"),
        (
            ("994,40000,1,0,0", "994,40000,1,0,x"),
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
