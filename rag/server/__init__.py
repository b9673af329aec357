"""Serving answers to other programs: HTTP, the OpenAI dialect, and MCP.

    line -> wire, requests -> routes, chat_completions -> application -> running
                           -> mcp_server -> mcp_http ------^

`line` lets one question be answered at a time; the rest turns requests into questions and answers
into JSON. Importing this package loads nothing heavy.
"""
