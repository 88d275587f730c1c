"""The stages of a WebSocket event, in the order in which `websocket.pipeline` goes through them."""
