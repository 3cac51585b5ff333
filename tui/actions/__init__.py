"""The actions that keys carry out: their registry, and one module for the actions of each scope.

The screens import `registry`, because they bind the keys of the actions. The other modules import the screens, because
the actions change the screens. So `registry` must not import a screen.
"""
