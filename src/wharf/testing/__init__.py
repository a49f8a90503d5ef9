"""The simulators and processes that tests run against: shipped, so that they serve our tests and our users'."""
