"""The dashboard: one file a question, and what they share."""
