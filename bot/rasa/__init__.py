"""The Rasa edge: graph component, tracker store, in-process actions, server. Nothing in the core imports this."""
