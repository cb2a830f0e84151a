"""Steps 4 and 6: what a named officer sees and decides, and what a second person lets leave."""
