"""The table of settings.CACHES, in the form that Django's database cache reads."""

from django.db import migrations

TABLE = """
CREATE TABLE django_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX django_cache_expires ON django_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("municipalities", "0001_initial")]

    operations = [migrations.RunSQL(TABLE, "DROP TABLE django_cache;")]
