"""What the demo's users have in common."""

DEMO_PASSWORD = "indsatskort-demo"
