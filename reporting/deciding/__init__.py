"""What a reviewer settles at once: all that no rule points at, and who looks at what."""
