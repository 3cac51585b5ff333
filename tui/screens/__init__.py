"""The screens: the library screen with its parts, the screens for triage, and the dialogs that cover a screen.

The library screen owns its parts. Each part is an object with a small interface in a module of its own. The actions
import this package, so it must not import them: the library screen instead gets one function that runs any action.
"""
