"""Text -> Reading: which way a message moves, who moves, and the words that show it. Pure; no Rasa."""
