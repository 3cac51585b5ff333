"""The terminal: reading keys, drawing the screen, and the modules that use private names of Textual.

Other packages use `driver.TerminalDriver`, `drawing.PromptScreen`, the functions of `textual_internals`, and `tuning`.
"""
