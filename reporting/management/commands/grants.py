"""Rights for the role that the web and worker processes log in as, beside the owner that migrates.

The owner of a table can turn its triggers off; this role can do the product's work and nothing else.
To be run as the owner after each migration.
"""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

# What cannot be emptied is only added to, and its triggers refuse the rest too. But what was written in a
# trial is deleted with it, and PostgreSQL lets nobody lock a table whole who may not update it.
MORE = {
    "survey_message": "DELETE",
    "municipalities_populationcount": "UPDATE",
    "reporting_pricerate": "UPDATE",
}
READ = ("django_migrations", "django_content_type")
TABLES = """
SELECT c.relname, EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = c.oid AND tgname = 'never_emptied')
FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""


class Command(BaseCommand):
    help = "Gives a database role the rights that the running product needs, and takes all others from it."

    def add_arguments(self, parser):
        parser.add_argument("role", help="A role that exists and owns nothing (docs/operations.md).")

    @transaction.atomic
    def handle(self, role, **options):
        with connection.cursor() as cursor:
            _refuse_powerful(cursor, role)
            cursor.execute(TABLES)
            tables = cursor.fetchall()
            for statement in (
                "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}",
                "REVOKE ALL ON SCHEMA public FROM {}",
                "GRANT USAGE ON SCHEMA public TO {}",
                "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
            ):
                cursor.execute(sql.SQL(statement).format(sql.Identifier(role)))
            for table, is_kept in tables:
                grant = sql.SQL("GRANT {} ON {} TO {}")
                rights = sql.SQL(_rights(table, is_kept))
                cursor.execute(grant.format(rights, sql.Identifier(table), sql.Identifier(role)))
        self.stdout.write(f"{role} has its rights in {len(tables)} tables.")


def _rights(table: str, is_kept: bool) -> str:
    if table in READ:
        return "SELECT"
    if not is_kept:
        return "SELECT, INSERT, UPDATE, DELETE"
    return ", ".join(["SELECT, INSERT", *([MORE[table]] if table in MORE else [])])


def _refuse_powerful(cursor, role: str) -> None:
    """Rights mean nothing to a superuser, nor to who is a member of the owner."""
    cursor.execute(
        "SELECT rolsuper OR pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = %s", [role]
    )
    found = cursor.fetchone()
    if found is None:
        raise CommandError(f"There is no role {role} in this database.")
    if found[0]:
        raise CommandError(f"{role} is a superuser or may act as the tables' owner: no right binds it.")
