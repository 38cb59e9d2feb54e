"""The suites, one module each: a function from a `Bench` to results. `plan.py` says in which order they play."""
