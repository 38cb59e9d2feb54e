"""The judges, one module each: what they say of an answer, whoever asked. `plan.py` has their order."""
