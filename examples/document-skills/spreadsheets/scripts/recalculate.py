#!/usr/bin/env python3
"""recalculate.py FILE FOLDER: the same spreadsheet in FOLDER, with the value of each formula."""
import subprocess
import sys

path, folder = sys.argv[1:3]
subprocess.run(
    ["soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder, path],
    check=True,
    stdout=subprocess.DEVNULL,
)
