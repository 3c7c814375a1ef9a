"""The four ways in which the targeting page looks at focus: set, named areas, own index, hot spots."""
