"""The widget that partner portals show in a frame: signed in by the portal, without cookies."""
