"""The review: what matters most first, decided in few clicks (docs/statistics.md, "Review by influence")."""
