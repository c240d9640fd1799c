"""The round from above: area by region, who carries the figures, and what one answer does to them."""
