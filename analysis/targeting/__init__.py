"""Which areas to focus on."""
