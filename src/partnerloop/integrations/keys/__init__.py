"""Keys of the API: issued once, checked on each call, counted by the minute."""
