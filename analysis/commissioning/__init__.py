"""What early help costs, how the money is shared out, and what it saves."""
