"""Reading + history -> Card. Chooses, varies, cites. Pure; no Rasa."""
