"""How the models are solved and proven."""
