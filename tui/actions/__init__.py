"""The actions that the user starts with keys: their table, and one module for each group (scope) of actions.

The screens import `actions_and_keys`, because they bind the keys of the actions. The other modules import the screens,
because the actions change the screens. So `actions_and_keys` must not import a screen.
"""
