"""Danish full-text search over title, content and purpose of what was reported.

The column is the database's own and stands in no model, so that no page that reads an initiative loads it;
reporting/review/search.py asks for it by name.
"""

from django.db import migrations

SEARCH = """
ALTER TABLE survey_reportedinitiative ADD COLUMN search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('danish', title), 'A')
    || setweight(to_tsvector('danish', content), 'B')
    || setweight(to_tsvector('danish', purpose), 'C')
) STORED;
CREATE INDEX reported_search ON survey_reportedinitiative USING gin (search);
"""


class Migration(migrations.Migration):
    dependencies = [("survey", "0018_decisions_and_review")]

    operations = [
        migrations.RunSQL(SEARCH, "ALTER TABLE survey_reportedinitiative DROP COLUMN search;"),
    ]
