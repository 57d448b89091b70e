"""What a person is given of a run: typed tables, pictures, one page. It finds nothing itself.

`tables` writes CSV and Parquet, `charts` draws, `page` puts everything on one page. Their
libraries are imported when they are used.
"""

from pausenet.report.source import Source, source_of
from pausenet.report.tables import Table, Type, parameters, write_parquet

__all__ = [
    "Source",
    "Table",
    "Type",
    "parameters",
    "source_of",
    "write_parquet",
]
