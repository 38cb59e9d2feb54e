"""What a contract's resources are on the server under test: found in its lists, or made there."""
