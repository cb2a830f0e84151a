"""Step 3: plausibility, limits over time, stops and freshness. Guard holds and hints; only a stop or a rule refuses."""
