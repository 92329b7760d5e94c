"""What is asked of a list: by visitors (`listing`), in the back office (`office`)."""
