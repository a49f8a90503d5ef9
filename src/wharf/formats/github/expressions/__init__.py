"""The expressions of GitHub Actions, `${{ … }}`: read, and evaluated as far as what they ask for is known."""
