#!/usr/bin/env python3
"""contact_sheet.py DECK PICTURE: every slide of a presentation, small, on one picture."""
import pathlib
import subprocess
import sys
import tempfile

from PIL import Image

deck, target = sys.argv[1:3]
with tempfile.TemporaryDirectory() as folder:
    convert = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, deck]
    subprocess.run(convert, check=True, stdout=subprocess.DEVNULL)
    pdf = pathlib.Path(folder, pathlib.Path(deck).stem + ".pdf")
    subprocess.run(["pdftoppm", "-r", "40", "-png", pdf, pdf.with_suffix("")], check=True)
    slides = [Image.open(path) for path in sorted(pathlib.Path(folder).glob("*.png"))]
    width, height = slides[0].size
    sheet = Image.new("RGB", (width * 2, height * ((len(slides) + 1) // 2)), "white")
    for index, slide in enumerate(slides):
        sheet.paste(slide, (width * (index % 2), height * (index // 2)))
    sheet.save(target)
print(f"{len(slides)} slides")
