from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from municipalities import reference_data
from municipalities.demo import DEMO_PASSWORD
from municipalities.models import Membership, User
from reporting.demo import arrivals, campaign, cast, publications, rounds
from survey.models import SurveyRound


class Command(BaseCommand):
    help = "Loads the demo: two rounds of made-up figures over the real municipalities, and users."

    def handle(self, **options):
        if settings.PRODUCTION:
            raise CommandError("ALLOWED_HOSTS makes this a real installation; the demo's password is public.")
        if SurveyRound.objects.filter(is_demo=False).exists():
            raise CommandError("This database holds a real round. Load the demo into an empty database.")
        if not SurveyRound.objects.exists():  # an invited colleague in the demo is no real user
            if User.objects.filter(is_demo=False).exists():
                raise CommandError("This database has real users. Load the demo into an empty database.")
            self.load()
        self.print_users()

    @transaction.atomic
    def load(self):
        reference_data.load()
        users = cast.load_cast()
        signers = cast.load_signers()
        rounds.load_rates()
        arrivals.load_arrivals(users["Rikke"])
        campaign.load_contacts()
        rounds.load_closed_round(signers, users)
        campaign.load_campaign(rounds.load_open_round(signers, users), users)
        campaign.load_planned_round()
        publications.load_publication(users)

    def print_users(self):
        self.stdout.write(f"The demo's users, all with the password {DEMO_PASSWORD}:")
        memberships = Membership.objects.filter(user__is_demo=True, user__is_active=True)
        for membership in memberships.select_related("user", "municipality").order_by("pk"):
            place = membership.municipality or "the ministry"
            role = membership.role.replace("_", " ")
            self.stdout.write(f"  {membership.user.email:28} {role}, {place}")
