"""How `--help` is laid out: descriptions in the terminal's width, examples as they are written."""

from __future__ import annotations

import argparse
import textwrap


class HelpText(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of texts that have several, as examples do, and wraps the others."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if "\n" in text:
            return super()._fill_text(text, width, indent)
        return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)
