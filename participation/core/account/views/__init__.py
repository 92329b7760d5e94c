"""Pages of the personal space. All ask to be signed in and are kept by no cache."""
