"""What no question owns: faults, records, text, folders, writing."""
