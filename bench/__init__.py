"""Speed and size of Middle Ground, side by side with a default `rasa init` bot. Run: make bench."""
