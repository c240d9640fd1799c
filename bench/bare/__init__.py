"""The bare thing beside our form: a ModelForm of ten fields behind the same middleware."""
