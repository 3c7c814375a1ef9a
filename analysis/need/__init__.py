"""Need: children and families in each tier, by area, with ranges."""
