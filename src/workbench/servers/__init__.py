"""Servers that lessons talk to, on loopback: started once, ended with the session."""
