"""Who hears of a run: alerts, Prefect events and artifacts. Never changes what a run found or published."""
