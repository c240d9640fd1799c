"""The audit trail: every change, by whom, in which request, from what to what."""
