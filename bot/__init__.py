"""Middle Ground: reads a message, says which way it moves, offers one small next step."""

__version__ = "0.1.0"
