"""Custom actions, one file a skill. Each reads a turn, asks the core for a card, and says it."""
