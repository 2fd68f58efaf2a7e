#!/usr/bin/env python3
"""Writes a PDF with a title and a paragraph for each line of standard input."""
import sys

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

path, title = sys.argv[1:3]
styles = getSampleStyleSheet()
story = [Paragraph(title, styles["Title"])]
story += [Paragraph(line, styles["BodyText"]) for line in sys.stdin.read().splitlines()]
SimpleDocTemplate(path, pagesize=A4, title=title).build(story)
