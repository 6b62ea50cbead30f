"""Scripted conversations: what a person types and presses, and what must come of it. Format: docs/scripts.md."""
