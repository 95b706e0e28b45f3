"""A draft of anybody's, in Markdown, text or Word's format → what is wrong with it line by line, and a mended copy."""
