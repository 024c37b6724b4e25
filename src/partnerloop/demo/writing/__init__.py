"""Writing a demo world into the database, room by room."""
