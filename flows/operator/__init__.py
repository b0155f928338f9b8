"""What an operator does between runs: review of held releases, replay, rebuild, history, health of sources."""
