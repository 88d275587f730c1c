"""What a browser makes of an answer to a script of another origin: the rules of CORS."""
