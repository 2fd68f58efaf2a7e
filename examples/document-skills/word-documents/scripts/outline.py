#!/usr/bin/env python3
"""Prints the headings of a Word document, indented, and the first words of its paragraphs."""
import sys

from docx import Document


def main(path):
    for paragraph in Document(path).paragraphs:
        style = paragraph.style.name
        if style.startswith("Heading"):
            level = int(style.split()[-1])
            print("  " * (level - 1) + "# " + paragraph.text)
        elif paragraph.text.strip():
            print("    " + paragraph.text[:72])


if __name__ == "__main__":
    main(sys.argv[1])
