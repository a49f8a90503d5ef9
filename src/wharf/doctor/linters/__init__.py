"""Other people's checkers: hadolint, actionlint and zizmor, asked where they are installed, and told with ours."""
