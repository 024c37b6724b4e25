"""Version 1 of the API: fields may be added to it, none is renamed or removed."""
