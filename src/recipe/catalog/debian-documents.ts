import { aptRow, type CatalogRow } from "./catalog-row.ts";

/** Debian packages for documents: PDF, office files, markup, OCR, spelling, diagrams. */
export const debianDocuments: readonly CatalogRow[] = [
  aptRow("pandoc", "pandoc", "Debian's build of the document converter"),
  aptRow(
    "poppler-utils",
    "pdftotext pdfinfo pdftoppm pdfimages pdfunite pdfseparate pdftocairo pdftohtml pdffonts pdfdetach",
    "the command line tools of Poppler",
    {
      namedAs: { brew: ["poppler"], apt: ["poppler", "pdftotext"] },
    },
  ),
  aptRow("qpdf", "qpdf", "Debian's build of QPDF"),
  aptRow("pdftk-java", "pdftk", "the maintained Java port of pdftk, under its old name", {
    namedAs: { apt: ["pdftk"] },
  }),
  aptRow("mupdf-tools", "mutool", "the tools of MuPDF", { namedAs: { brew: ["mupdf", "mupdf-tools"] } }),
  aptRow("ghostscript", "gs ps2pdf pdf2ps", "the PostScript and PDF interpreter"),
  aptRow("img2pdf", "img2pdf", "images to PDF without recoding", { publishedAs: { python: "img2pdf" } }),
  aptRow("ocrmypdf", "ocrmypdf", "adds a text layer to scanned PDF files", {
    publishedAs: { python: "ocrmypdf" },
  }),
  aptRow("tesseract-ocr", "tesseract", "OCR with English data", {
    namedAs: { brew: ["tesseract"], apt: ["tesseract"] },
  }),
  aptRow("pdfgrep", "pdfgrep", "grep for PDF files"),
  aptRow("weasyprint", "weasyprint", "HTML and CSS to PDF", { publishedAs: { python: "weasyprint" } }),
  aptRow("wkhtmltopdf", "wkhtmltopdf wkhtmltoimage", "HTML to PDF with QtWebKit"),
  aptRow(
    "libreoffice-common",
    "soffice libreoffice",
    "LibreOffice without a display, for converting documents",
    {
      with: ["libreoffice-writer-nogui", "libreoffice-calc-nogui", "libreoffice-impress-nogui"],
      namedAs: { apt: ["libreoffice", "libreoffice-nogui"] },
    },
  ),
  aptRow("calibre", "ebook-convert ebook-meta", "the converters of Calibre"),
  aptRow("catdoc", "catdoc xls2csv catppt", "old Microsoft Office files as text"),
  aptRow("antiword", "antiword", "old Word files as text"),
  aptRow("docx2txt", "docx2txt", "Word files as text"),
  aptRow("unrtf", "unrtf", "RTF as HTML or text"),
  aptRow("gnumeric", "ssconvert", "the spreadsheet converter of Gnumeric"),
  aptRow("texlive-latex-base", "pdflatex latex", "LaTeX with its base macros", {
    namedAs: { brew: ["basictex", "mactex", "texlive"], apt: ["texlive"] },
  }),
  aptRow("texlive-xetex", "xelatex", "LaTeX with system fonts", {
    namedAs: { brew: ["basictex", "mactex", "texlive"], apt: ["texlive"] },
  }),
  aptRow("latexmk", "latexmk", "runs LaTeX as often as needed"),
  aptRow("asciidoctor", "asciidoctor", "AsciiDoc to HTML"),
  aptRow("cmark", "cmark", "the CommonMark reference converter"),
  aptRow("lowdown", "lowdown", "Markdown to HTML, text and man pages"),
  aptRow("html2text", "html2text", "HTML as plain text"),
  aptRow("tidy", "tidy", "checks and repairs HTML", { namedAs: { brew: ["tidy-html5"] } }),
  aptRow("source-highlight", "source-highlight", "source code as coloured HTML"),
  aptRow("highlight", "highlight", "source code in colours, many formats"),
  aptRow("python3-pygments", "pygmentize", "the Pygments highlighter", { namedAs: { brew: ["pygments"] } }),
  aptRow("mkdocs", "mkdocs", "a documentation site from Markdown"),
  aptRow("python3-sphinx", "sphinx-build", "the Sphinx documentation generator", {
    namedAs: { brew: ["sphinx-doc"], apt: ["sphinx"] },
  }),
  aptRow("python3-docutils", "rst2html", "reStructuredText to HTML", { namedAs: { brew: ["docutils"] } }),
  aptRow("doxygen", "doxygen", "documentation from source code"),
  aptRow("hugo", "hugo", "Debian's build of the static site generator", {
    publishedAs: { go: "github.com/gohugoio/hugo" },
  }),
  aptRow("graphviz", "dot neato fdp sfdp circo twopi", "graph drawing"),
  aptRow("plantuml", "plantuml", "diagrams from text, with Java"),
  aptRow("gnuplot-nox", "gnuplot", "plots without a display", { namedAs: { apt: ["gnuplot"] } }),
  aptRow("aspell", "aspell", "spelling", { with: ["aspell-en"] }),
  aptRow("hunspell", "hunspell", "spelling", { with: ["hunspell-en-us"] }),
  aptRow("gettext", "msgfmt xgettext msgmerge", "message catalogues for translation"),
  aptRow("gettext-base", "envsubst", "environment variables in templates", {
    namedAs: { brew: ["gettext"] },
  }),
];
