"""locum: a stand-in for real APIs, driven by their OpenAPI documents.

Start reading at `src/ARCHITECTURE.md`, then `behaviour/answer.py`.
"""
