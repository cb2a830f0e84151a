"""Who may open the service's pages: accounts, how one begins, and what the register lets each of them see."""
