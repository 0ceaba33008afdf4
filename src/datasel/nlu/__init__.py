"""The recogniser of domain, intent and slots, and its error measures."""
