"""Mapping templates as API Gateway runs them: the variables, the rendering, what went wrong."""
