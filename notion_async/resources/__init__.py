"""Notion's endpoints as methods, one module per resource."""
