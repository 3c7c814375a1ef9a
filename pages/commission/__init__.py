"""The views of the page Commissioning: contract, unit costs, allocation, cohort, appraisal, monitoring."""
