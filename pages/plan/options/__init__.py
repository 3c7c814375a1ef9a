"""The ways in which the options page looks at plans, and what they share."""
