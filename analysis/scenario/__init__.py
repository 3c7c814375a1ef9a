"""Everything that a figure depends on, in one small object that is written into addresses, options and manifests."""
