"""The grounds of disclosure this house knows, one package each: words, rules, worked cases."""
