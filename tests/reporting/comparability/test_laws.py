import pytest

from reporting.comparability.laws import basis_of, laws_in


@pytest.mark.parametrize(
    "text, laws",
    [
        ("Kommunalfuldmagten", ("kommunalfuldmagten",)),
        ("kommunalfuldmagt", ("kommunalfuldmagten",)),
        ("Serviceloven § 18", ("serviceloven",)),
        ("Servicelovens § 18, stk. 2", ("serviceloven",)),
        ("Lov om social service", ("serviceloven",)),
        ("Lov om en aktiv beskæftigelsesindsats", ("beskæftigelsesindsatsloven",)),
        ("LAB-loven", ("beskæftigelsesindsatsloven",)),
        ("LAB § 31 og integrationsloven", ("beskæftigelsesindsatsloven", "integrationsloven")),
        ("Det er vores egen idé", ()),
        ("ukendt", ()),
    ],
)
def test_the_laws_that_a_text_names(text, laws):
    assert laws_in(text) == laws


def test_a_basis_is_its_laws_else_its_words_and_what_is_not_known_is_nothing():
    assert basis_of("Servicelovens § 18") == basis_of("Lov om social service") == "serviceloven"
    assert basis_of("Byrådets  beslutning.") == basis_of("byrådets beslutning") == "byrådets beslutning"
    assert basis_of("Ukendt") == basis_of("ved ikke") == basis_of("-") == ""
