"""Where hubs and outreach sites should go: exact answers on a cost matrix, with their proof."""
