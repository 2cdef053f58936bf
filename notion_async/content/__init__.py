"""The content of pages: walking their trees of blocks, and Markdown."""
