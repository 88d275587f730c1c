"""An API back to a document, in the form of Amazon's GetExport and, of HTTP APIs, ExportApi."""

from inspector.definitions.exporting.document import EXTENSIONS, ExportType, export
from inspector.definitions.exporting.exported import Exported
from inspector.definitions.exporting.http_api import export_http

__all__ = ["EXTENSIONS", "ExportType", "Exported", "export", "export_http"]
