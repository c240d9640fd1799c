"""Planning and running a round, for the ministry."""
