"""Parts of the facilitator's page and of the screen."""
