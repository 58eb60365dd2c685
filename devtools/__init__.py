"""What `./coop` does. Standard library only: it runs before anything is set up."""
