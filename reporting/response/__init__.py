"""Who has answered, who has not, and what is agreed with whom."""
