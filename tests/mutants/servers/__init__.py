"""Four small APIs, written from what is publicly known of them, each with faults that can be switched on.

They import nothing of locum, so that a bench on them judges the verifier and not the house it lives in.
Read `exchange.py` for the words, `flow.py` for the order of decisions, then one API; `serve.py` beside this
package starts one on a port. A fault or variant acts where its id stands in the code.
"""
