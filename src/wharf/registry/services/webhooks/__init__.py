"""Who is told of what happened: webhooks, what they are owed, and how it is sent to them."""
