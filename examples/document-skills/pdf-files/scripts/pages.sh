#!/bin/sh
# pages.sh FILE FOLDER: FOLDER/text.txt, and FOLDER/page-N.png of each page, from a repaired copy of FILE.
set -eu
mkdir -p "$2"
qpdf --linearize "$1" "$2/repaired.pdf"
pdftotext -layout "$2/repaired.pdf" "$2/text.txt"
pdftoppm -r 40 -png "$2/repaired.pdf" "$2/page"
ls "$2"
