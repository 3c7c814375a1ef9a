"""Options: named sets of sites, saved as files that people can read and send to each other."""
