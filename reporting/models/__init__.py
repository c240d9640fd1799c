from reporting.models.rates import PriceRate

__all__ = ["PriceRate"]
