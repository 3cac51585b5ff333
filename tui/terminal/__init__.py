"""The terminal: reading keys, writing the screen, and the adapter to Textual's private names.

Other packages use `driver.TerminalDriver`, `drawing.PromptScreen`, the functions of `textual_internals`, and `tuning`.
"""
