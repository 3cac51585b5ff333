"""The screens: the library screen with its parts, the screens for triage, and the dialogs that cover a screen.

The library screen creates and owns its parts. Each part is an object with a small interface in a module of its own. The
modules of tui/actions import this package, so this package must not import them. Instead, the library screen is given
one function that runs any action.
"""
