"""What is remembered of a person for next time, with their consent: few facts, each of which they can see, change and erase."""
