"""Whom the ministry writes to, and their invitations."""
