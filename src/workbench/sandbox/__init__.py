"""Running code that is not trusted: confined, and observed from outside; `client` says how."""
