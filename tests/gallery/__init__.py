"""Every component with ordinary and with awkward contents, for tests and for looking at them."""
