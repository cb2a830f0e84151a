"""Where the core meets files and devices; each adapter does one such thing and decides nothing."""
