"""The application, which is made with Textual, and the commands. `tui` imports `store`, but not the other way round."""
