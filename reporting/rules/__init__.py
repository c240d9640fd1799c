"""The rules at work in a round: what they point at, what came of it, and which are out of use."""
