"""What outlives a message: conversations, locks, check-ins, the log of the web channel. `bot.store.store.Store` is the door."""
