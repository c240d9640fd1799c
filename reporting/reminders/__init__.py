"""Reminders and more time, for the ministry."""
