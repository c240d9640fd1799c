"""Mails to those who have not finished: planned by the ministry, sent by the clock."""
