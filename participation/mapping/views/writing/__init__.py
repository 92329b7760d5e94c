"""Writing a contribution: begin, keep as a draft, send, change, withdraw, and the receipt."""
