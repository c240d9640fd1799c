"""What the product costs beside the bare thing that does the same: `python -m bench [name ...]`."""
