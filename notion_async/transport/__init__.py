"""How a request becomes an answer, in bytes.  Nothing here knows what a page is."""
