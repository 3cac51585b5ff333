"""Stores papers as rows of the library, reads them, and defines the views, which select papers for lists."""
