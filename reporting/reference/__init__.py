"""What the ministry imports: populations, rates, municipalities by date."""
