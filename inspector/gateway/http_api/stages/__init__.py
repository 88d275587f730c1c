"""The stages of an HTTP API's pipeline, one file each."""
