"""Who did what when on a submission: steps.py groups, entries.py finds, lines.py words a page of it."""
