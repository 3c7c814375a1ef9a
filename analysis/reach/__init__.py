"""Who can reach which hub or outreach site, and who cannot."""
