"""The widget in partner portals: who may show it, and who the portal says is looking."""
