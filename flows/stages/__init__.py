"""The stages of a run, in plain functions without Prefect. None of them knows the order."""
