"""Turns a folder of literature and dated search snippets into a written, cited, checked text."""
