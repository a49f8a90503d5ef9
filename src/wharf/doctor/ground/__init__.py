"""What lies on a machine and can be read without changing anything: accounts, files, programs, the session's bus."""
