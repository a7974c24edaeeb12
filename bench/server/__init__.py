"""The site as production serves it, with one address more: /hello/, a bare view to measure against."""
