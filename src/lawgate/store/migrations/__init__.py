"""The steps by which the tables came to be; ``open_database`` refuses a database that has others."""
