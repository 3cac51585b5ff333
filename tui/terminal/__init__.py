"""The terminal: modules that read keys and draw the screen, and those that use private names of Textual.

Other packages use `driver.TerminalDriver`, `drawing.PromptScreen`, the functions of `textual_internals`, and `tuning`.
"""
