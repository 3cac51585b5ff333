"""Opening the reader: the first page, and handing the terminal over to Textual."""
