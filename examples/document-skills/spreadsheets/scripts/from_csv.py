#!/usr/bin/env python3
"""from_csv.py IN OUT: a spreadsheet with the rows of a CSV file, and a formula under each column of numbers."""
import csv
import sys

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

source, target = sys.argv[1:3]
with open(source, newline="") as file:
    rows = list(csv.reader(file))
book = Workbook()
sheet = book.active
for row in rows:
    sheet.append([float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in row])
for cell in sheet[1]:
    cell.font = Font(bold=True)
last = len(rows)
for column in range(1, len(rows[0]) + 1):
    if isinstance(sheet.cell(last, column).value, float):
        letter = get_column_letter(column)
        sheet.cell(last + 1, column, f"=SUM({letter}2:{letter}{last})")
book.save(target)
