"""What is drawn, as pure functions: values in, rich `Text` out. No app, no widget, no I/O.

Styles are names (`ok`, `json.key` …) from `styles`; a theme gives them colours. Foreign text goes
through `safe` and becomes a `Text`, never markup.
"""
