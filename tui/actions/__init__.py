"""What keys do: the registry of actions, and one module for the actions of each scope.

The registry stands below the screens, which bind its keys. The other modules stand above them and change them.
"""
