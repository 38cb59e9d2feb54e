"""The suites, one module each: functions from a `Bench` to results; `plan.py` tells their order."""
