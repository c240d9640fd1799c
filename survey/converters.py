"""What may stand in an address; anything else is not found before a query is made."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class MunicipalityCode(StringConverter):
    regex = "[0-9]{3}"


class ReceiptNumber(StringConverter):
    regex = "[0-9]{4}-[0-9]{3}-[0-9]{1,5}"


class Year:
    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


def register() -> None:
    register_converter(MunicipalityCode, "code")
    register_converter(ReceiptNumber, "receipt")
    register_converter(Year, "year")
