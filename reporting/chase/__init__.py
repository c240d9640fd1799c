"""The chase list: who has not answered, ranked by what the answer would do, and notes of contacts."""
