"""The gate before everything: what a message says about danger, what that locks, and whom to call. Pure; no Rasa."""
