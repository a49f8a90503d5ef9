"""Container engines as programs find and reach them: by a socket, by TCP, by the context that somebody chose."""
