"""What a Prometheus reads at `/metrics`: how Ayllu fares, without a word of anybody."""

from bot.metrics.door import add_metrics

__all__ = ["add_metrics"]
