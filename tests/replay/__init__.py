"""What was recorded with Notion, asked of the emulator again, and compared word for word."""
