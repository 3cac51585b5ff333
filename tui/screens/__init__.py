"""What fills the terminal: the library screen, its parts, and the dialogs that cover it for a moment.

The library screen owns its parts; each part is an object with a small interface in a module of its own. Actions stand
above this package: the screen gets them as one function, the dispatcher.
"""
