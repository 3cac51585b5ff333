"""The Textual application and the commands. `tui` imports `store`; `store` must not import `tui`."""
