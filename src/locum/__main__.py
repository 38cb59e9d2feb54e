"""`python -m locum`: the command line, for where the `locum` command is not on the path."""

from locum.cli import main

main()
