"""Programs that build, push and fetch images: what each of their command lines does. One file for each program."""
