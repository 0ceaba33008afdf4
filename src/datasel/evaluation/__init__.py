"""Bootstrap intervals and tables."""
