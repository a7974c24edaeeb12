"""allauth's client for OpenID Connect, which doubts what it is answered."""
