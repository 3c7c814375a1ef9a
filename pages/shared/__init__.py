"""What every page uses: loading, state, controls, maps, charts."""
