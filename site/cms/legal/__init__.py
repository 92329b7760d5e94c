"""The pages that the law asks for: their texts and the words they borrow from the settings."""
