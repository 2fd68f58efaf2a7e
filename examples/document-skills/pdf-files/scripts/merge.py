#!/usr/bin/env python3
"""merge.py OUT IN...: the pages of all files, in order, as one file."""
import sys

from pypdf import PdfReader, PdfWriter

out, *paths = sys.argv[1:]
writer = PdfWriter()
for path in paths:
    for page in PdfReader(path).pages:
        writer.add_page(page)
with open(out, "wb") as file:
    writer.write(file)
print(f"{len(writer.pages)} pages")
