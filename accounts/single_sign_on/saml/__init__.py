"""Signing in by SAML, for organizations whose identity provider speaks nothing newer. Needs requirements-saml.txt."""
