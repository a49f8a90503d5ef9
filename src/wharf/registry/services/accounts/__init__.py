"""People, organisations and services, and the tokens that they make for themselves."""
