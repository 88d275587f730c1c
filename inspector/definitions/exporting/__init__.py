"""A REST API back to a document, in the form of Amazon's GetExport."""

from inspector.definitions.exporting.document import EXTENSIONS, Exported, ExportType, export

__all__ = ["EXTENSIONS", "ExportType", "Exported", "export"]
