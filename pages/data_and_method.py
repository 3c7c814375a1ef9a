"""What is behind the figures."""
