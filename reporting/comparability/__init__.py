"""Comparability: what is entered twice, and what municipalities place differently."""
