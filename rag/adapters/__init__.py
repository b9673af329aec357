"""Retrievers of other frameworks over an assistant: `langchain` and `llamaindex`.

    passages -> langchain, llamaindex

Each of the two needs its extra and is imported by name; importing this package loads neither.
"""
