"""mitmproxy's side of the gateway: hooks in, hooks out, no gateway rule of its own."""
