"""The life of a round: each edge of docs/questionnaire.md's table is one function in lifecycle.py."""
