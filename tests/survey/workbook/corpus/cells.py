"""What may stand in a cell: (column, a cell, its value) and (column, a cell, what the message says).

A `Typed` cell is written as Excel would store it; text and numbers are written as they are.
"""

from datetime import datetime
from typing import NamedTuple


class Typed(NamedTuple):
    """A cell with a format (its number format) or as raw XML of the cell."""

    value: object = None
    form: str = ""
    xml: str = ""


FORMULA = Typed(xml='<c r="REF"><f>SUM(A1:A2)</f><v>1250</v></c>')
RICH = (
    '<r><t>fed</t></r><r><rPr><b/></rPr><t xml:space="preserve"> skrift</t></r>'
    '<rPh sb="0" eb="1"><t>x</t></rPh>'
)
GOOD: list[tuple[str, object, object]] = [
    ("gross_expenditure", 1250, 1250),
    ("gross_expenditure", 0, 0),
    ("gross_expenditure", 99_999_999, 99_999_999),
    ("gross_expenditure", 1250.0, 1250),
    ("gross_expenditure", "1.250", 1250),
    ("gross_expenditure", "1250", 1250),
    ("gross_expenditure", "1 250", 1250),
    ("gross_expenditure", "1\u00a0250", 1250),
    ("gross_expenditure", " 1.250 ", 1250),
    ("gross_expenditure", "", None),
    ("gross_expenditure", "   ", None),
    ("gross_expenditure", Typed(1250, '#,##0 "kr."'), 1250),
    ("gross_expenditure", Typed(1250, "[Red]#,##0;[Blue]-#,##0"), 1250),
    ("gross_expenditure", Typed(1250, "[Magenta]#,##0"), 1250),
    ("gross_expenditure", Typed(1250, "Standard"), 1250),
    ("gross_expenditure", Typed(1250, 'General" kr."'), 1250),
    ("gross_expenditure", Typed(1250, "#,##0.00_);(#,##0.00)"), 1250),
    ("gross_expenditure", Typed(1250, '_-* #,##0\\ "kr."_-;-* #,##0\\ "kr."_-'), 1250),
    ("gross_expenditure", Typed(1250, '#,##0"0,"'), 1250),
    ("gross_expenditure", Typed("1.250", "#,##0,"), 1250),
    ("gross_expenditure", Typed(xml='<c r="REF"><v>1.25E3</v></c>'), 1250),
    ("gross_expenditure", Typed(xml='<c r="REF" t="inlineStr"><is><t>1.250</t></is></c>'), 1250),
    ("gross_expenditure", Typed(xml='<c r="REF" t="str"><v>1.250</v></c>'), 1250),
    ("target_share", 75, (75, False)),
    ("target_share", "75", (75, False)),
    ("target_share", "75 %", (75, False)),
    ("target_share", Typed(0.75, "0%"), (75, False)),
    ("target_share", Typed(1, "0.00%"), (100, False)),
    ("target_share", "-", (None, True)),
    ("target_share", "–", (None, True)),
    ("target_share", "", (None, False)),
    ("funding_sources", "Kommunen finansierer selv", ["own"]),
    ("funding_sources", "kommunen finansierer selv;Tilskud fra staten (fx puljemidler)", ["state", "own"]),
    ("funding_sources", "Kommunen finansierer selv\nKommunen finansierer selv;", ["own"]),
    ("service_area", "SOCIALOMRÅDET", "social"),
    ("service_area", "  Socialområdet\n", "social"),
    ("time_horizon", "2-4 år", "2_4_years"),
    ("scope", "I tvivl", "doubt"),
    ("expenditure_basis", "Skønnet", "estimated"),
    ("title", "=1+1", "=1+1"),
    ("title", "-Hej", "-Hej"),
    ("title", "@anna", "@anna"),
    ("title", 2024, "2024"),
    ("title", "👩‍👩‍👧 ‏مرحبا é", "👩‍👩‍👧 ‏مرحبا é"),
    ("title", "x" * 200, "x" * 200),
    ("content", "to\nlinjer", "to\nlinjer"),
    ("content", Typed(xml='<c r="REF" t="inlineStr"><is><t>a_x000D_\nb</t></is></c>'), "a\nb"),
    ("content", "_x000D_ og _x0041_", "_x000D_ og _x0041_"),
    ("content", "a\x01b", "a\x01b"),
    ("content", "<b>&amp; &#65;</b> ]]>", "<b>&amp; &#65;</b> ]]>"),
    ("content", "x" * 10_000, "x" * 10_000),
    ("content", Typed(xml=f'<c r="REF" t="inlineStr"><is>{RICH}</is></c>'), "fed skrift"),
]
BAD: list[tuple[str, object, str]] = [
    ("gross_expenditure", "1.250 kr.", "Skriv kun tallet i bruttoudgiften"),
    ("gross_expenditure", "ca. 100", "Skriv bruttoudgiften i hele 1.000 kr."),
    ("gross_expenditure", "1,250", "uden decimaler"),
    ("gross_expenditure", "1.25", "uden decimaler"),
    ("gross_expenditure", 1250.5, "uden decimaler"),
    ("gross_expenditure", 0.1, "uden decimaler"),
    ("gross_expenditure", -5, "kan ikke være negativ"),
    ("gross_expenditure", "-5", "kan ikke være negativ"),
    ("gross_expenditure", 100_000_000, "er for stor"),
    ("gross_expenditure", 1e20, "er for stor"),
    ("gross_expenditure", Typed(datetime(2025, 1, 3), "dd-mm-yyyy"), "Cellen er en dato"),
    ("gross_expenditure", Typed(45000, "[h]:mm"), "Cellen er en dato"),
    ("gross_expenditure", Typed(45000, "[mm]"), "Cellen er en dato"),
    ("gross_expenditure", Typed(1_250_000, "#,##0,"), "Cellen viser tusinder, men indeholder kroner."),
    ("gross_expenditure", Typed(1_250_000, '#,##0, "t.kr."'), "skriv beløbet i hele 1.000 kr., fx 1.250"),
    ("gross_income", Typed(1250, "0,.0"), "Cellen viser tusinder"),
    ("gross_income", Typed(1250, "[>999]#,##0,;0"), "Cellen viser tusinder"),
    ("target_share", Typed(75_000, "0,"), "Cellen er et tal, der vises i tusinder. Formatér den som tekst"),
    ("gross_expenditure", Typed(xml='<c r="REF" t="d"><v>2025-01-03</v></c>'), "Cellen er en dato"),
    ("gross_expenditure", Typed(0.5, "0%"), "Cellen er en procent"),
    ("gross_expenditure", FORMULA, "Cellen er en formel. Kopiér den"),
    ("gross_expenditure", Typed(xml='<c r="REF"><f t="shared" si="0"/><v>5</v></c>'), "Cellen er en formel"),
    ("gross_expenditure", Typed(xml='<c r="REF" t="b"><v>1</v></c>'), "SAND eller FALSK"),
    ("gross_expenditure", Typed(xml='<c r="REF" t="e"><v>#REF!</v></c>'), "regnefejl, fx #REF!"),
    ("gross_income", "ingen", "Skriv bruttoindtægten i hele 1.000 kr."),
    ("target_share", 101, "i hele procent fra 0 til 100"),
    ("target_share", -1, "i hele procent fra 0 til 100"),
    ("target_share", 7.5, "i hele procent fra 0 til 100"),
    ("target_share", Typed(0.755, "0.0%"), "i hele procent fra 0 til 100"),
    ("target_share", "ukendt", "i hele procent fra 0 til 100"),
    ("target_share", Typed(45000, "d/m/yyyy"), "Cellen er en dato. Formatér den som tekst"),
    ("funding_sources", "Fonde", "”Fonde” er ikke på listen. Vælg: Tilskud fra staten"),
    ("service_area", "Beskæftigelse", "”Beskæftigelse” er ikke på listen. Vælg: Beskæftigelsesområdet;"),
    ("service_area", "x" * 500, f"”{'x' * 60}…” er ikke på listen"),
    ("secondary_target_group", "Mænd; Kvinder", "Vælg kun én: Mænd; Kvinder"),
    ("time_horizon", 3, "”3” er ikke på listen. Vælg: Op til 1 år"),
    ("title", Typed(datetime(2025, 5, 3), "d-m"), "Cellen er en dato. Formatér den som tekst"),
    ("title", 0.5, "Cellen er et tal. Formatér den som tekst"),
    ("title", "x" * 201, "Titlen må højst være 200 tegn. Den er nu 201."),
    ("legal_basis", "x" * 301, "Hjemmelsgrundlaget må højst være 300 tegn."),
    ("content", "x" * 10_001, "Indholdet må højst være 10.000 tegn. Det er nu 10001."),
    ("scope_reason", "x" * 2_001, "må højst være 2.000 tegn"),
    ("content", FORMULA, "Cellen er en formel"),
    ("content", Typed(xml='<c r="REF" t="inlineStr"><is><t>a_x0000_b</t></is></c>'), "Nul"),
    ("id", "noget andet", "Id'et er ændret."),
    ("id", 5, "Id'et er ændret."),
]
