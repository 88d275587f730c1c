"""Asking the gateway's process: `recording.asking`, under the name that screens know."""

from inspector.recording.asking import PATIENCE, NoAnswerError, ask

__all__ = ["PATIENCE", "NoAnswerError", "ask"]
