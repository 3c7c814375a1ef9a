"""The page that a participant opens on a phone."""
