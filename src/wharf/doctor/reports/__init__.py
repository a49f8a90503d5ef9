"""What an examination found, in the forms in which others read it: JSON, SARIF, JUnit, lines of a CI system's log."""
