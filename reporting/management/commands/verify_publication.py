"""Makes published figures again from the database and compares them with what was frozen."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from reporting.models import Publication
from reporting.publishing.code_version import code_version
from reporting.publishing.verify import differences


class Command(BaseCommand):
    help = "Genberegner en offentliggørelse fra databasen og sammenligner den med det, der blev frosset."

    def add_arguments(self, parser):
        parser.add_argument("number", nargs="?", metavar="N", type=int, help="offentliggørelsens nummer")
        parser.add_argument("--all", action="store_true", help="alle offentliggørelser")

    def handle(self, **options):
        number = options["number"]
        if (number is None) != options["all"]:
            raise CommandError("Skriv enten en offentliggørelses nummer eller --all.")
        publications = Publication.objects.order_by("number").select_related("round")
        if number is not None:
            publications = publications.filter(number=number)
            if not publications:
                raise CommandError(f"Offentliggørelse {number} findes ikke.")
        with translation.override("da"):
            changed = [one.number for one in publications.iterator(chunk_size=1) if self.report(one)]
        if changed:
            sys.exit(1)

    def report(self, publication: Publication) -> list[str]:
        found = differences(publication)
        name = f"Offentliggørelse {publication.number}"
        for difference in found:
            self.stdout.write(f"{name}: {difference}")
        if not found:
            checksums = f"inputs {publication.inputs_checksum}, outputs {publication.outputs_checksum}"
            self.stdout.write(f"{name} er uændret ({checksums})")
        if publication.code_version != code_version():
            versions = f"{publication.code_version}, nu {code_version()}"
            self.stdout.write(f"{name} blev lavet af programversion {versions}")
        return found
