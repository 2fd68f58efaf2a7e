#!/bin/sh
# to-pdf.sh FILE FOLDER: prints a document to FOLDER/NAME.pdf, and says how many pages it has.
set -eu
soffice --headless --convert-to pdf --outdir "$2" "$1" > /dev/null
name=$(basename "$1")
pdfinfo "$2/${name%.*}.pdf" | grep '^Pages:'
