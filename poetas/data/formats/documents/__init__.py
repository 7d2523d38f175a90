"""Readers of documents: Word, LibreOffice, RTF, web pages and electronic books; each gathers lines and tables."""
