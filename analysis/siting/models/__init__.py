"""The models of siting, each exact."""
