"""The rules, each in a file of its own that has it as `RULE`. A new file is a new rule; nothing else has to know."""
