"""The API: signed calls of requesters' and overseers' machines, over the same functions that pages and commands call."""
