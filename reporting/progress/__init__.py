"""How far the review is, who waits for whom, and what the adjustments have done to the figures."""
