"""Places in a letter: what is filled, and what is told to be wrong."""

from survey import letters

VALUES = {"kommune": "Odense Kommune", "kontakt": "Kim {link}", "link": "https://x.test/"}


def test_known_places_are_filled_and_all_else_stands():
    text = "Kære {kontakt}\n{kommune}: {link} {link} {ukendt} {} { kommune } {{link}}"
    filled = "Kære Kim {link}\nOdense Kommune: https://x.test/ https://x.test/ {ukendt} {} { kommune } {https://x.test/}"
    assert letters.fill(text, VALUES) == filled


def test_a_place_without_a_value_is_left():
    assert letters.fill("{frist}", VALUES) == "{frist}"
    assert letters.fill("{andet}", {"andet": "x"}) == "{andet}"


def test_unknown_places_are_told_each_once():
    assert letters.unknown("{Kommune} {link} {x} {x} {}") == ["{Kommune}", "{x}", "{}"]
    assert letters.unknown("".join(f"{{{name}}}" for name in letters.PLACEHOLDERS)) == []
    assert letters.unknown("{begynd}") == ["{begynd}"]
    assert letters.unknown("{begynd} {x}", letters.INVITATION) == ["{x}"]


def test_a_brace_without_its_other_half_is_told():
    assert letters.unknown("Kære {kontakt, {kommune} link} {a\nb}") == ["{kontakt", "link}", "{a", "b}"]
    assert letters.unknown("{{link}}") == ["{", "}"]


def test_a_letter_has_its_link_or_not():
    assert letters.has_link("a {link}") and not letters.has_link("a {Link}")


def test_a_demo_letter_is_marked_in_subject_and_text():
    assert letters.marked_as_demo("Emne", "Tekst") == (
        "DEMO - opdigtede tal: Emne",
        "DEMO - opdigtede tal\n\nTekst",
    )
