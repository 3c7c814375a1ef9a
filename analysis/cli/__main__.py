"""`python -m analysis.cli` is `hubreach`."""

from analysis.cli.main import main

main()
