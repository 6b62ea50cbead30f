"""The ways in and out: each channel takes a message, hands it on, and renders the Card that comes back."""
