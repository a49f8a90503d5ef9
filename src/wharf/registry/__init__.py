"""The server: use cases in `services`, their wire form in `http`, put together in `app`, run by `server`."""
