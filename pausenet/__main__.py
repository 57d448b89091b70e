"""`python -m pausenet` is the command `pausenet`."""

from pausenet.cli.main import main

if __name__ == "__main__":
    main()
