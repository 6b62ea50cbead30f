"""Guided exercises: a few questions, one at a time, that end in words to send or keep."""
