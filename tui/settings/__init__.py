"""The configuration file, the colour themes, and the session: the state in which the application was left last."""
