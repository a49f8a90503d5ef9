"""Who may do what: logins, roles, scopes, limits, and the verdict that follows from them. Pure values and rules."""
