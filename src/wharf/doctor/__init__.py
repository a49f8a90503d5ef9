"""Why it does not work: what is known of failures, and how to find out which one it is."""
