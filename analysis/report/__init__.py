"""Packs: sections of text, charts, maps and tables, written as Word, PowerPoint, PDF, HTML, Excel, GeoPackage."""
