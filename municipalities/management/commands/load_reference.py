from django.core.management.base import BaseCommand

from municipalities import reference_data


class Command(BaseCommand):
    help = "Loads the 5 regions, the 98 municipalities and their populations (Statistics Denmark, FOLK1A)."

    def handle(self, **options):
        counts = reference_data.load()
        self.stdout.write(
            f"{counts['regions']} regions, {counts['municipalities']} municipalities, "
            f"{counts['population_counts']} population counts."
        )
