"""OpenID Connect: asking a program's provider who somebody is."""
