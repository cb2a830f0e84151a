"""The demo world: a synthetic town, scripted people and their submissions; the only place where a script answers an ASK."""
