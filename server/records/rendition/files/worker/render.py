"""Renders HTML from standard input to one file that is both PDF/A-2a and PDF/UA-1, on standard output.

Part of the binary, which passes it to the interpreter of `rendition_worker` (WeasyPrint 70). One line of JSON on
standard error tells what was made with what, and which characters no font had.
"""
import json
import logging
import os
import resource
import sys

GIGABYTE = 1 << 30
os.nice(10)  # people come first
for what, most in ((resource.RLIMIT_AS, 2 * GIGABYTE), (resource.RLIMIT_CPU, 60), (resource.RLIMIT_FSIZE, 64 << 20),
                   (resource.RLIMIT_NOFILE, 256), (resource.RLIMIT_CORE, 0)):
    resource.setrlimit(what, (most, most))

import pydyf
import weasyprint
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

# PDF/UA-1 identification, and the extension schema that makes it legal inside PDF/A. It has to stand in the same
# rdf:RDF as the rest.
UA_NAMESPACE = "http://www.aiim.org/pdfua/ns/id/"
AIIM = "http://www.aiim.org/pdfa/ns/"
DESCRIPTION = '<rdf:Description rdf:about="" %s>%s</rdf:Description>'
PROPERTY = "".join(f"<pdfaProperty:{name}>{value}</pdfaProperty:{name}>" for name, value in (
    ("name", "part"), ("valueType", "Integer"), ("category", "internal"), ("description", "Part of PDF/UA")))
SCHEMA = "".join(f"<pdfaSchema:{name}>{value}</pdfaSchema:{name}>" for name, value in (
    ("schema", "PDF/UA identification"), ("namespaceURI", UA_NAMESPACE), ("prefix", "pdfuaid"),
    ("property", f'<rdf:Seq><rdf:li rdf:parseType="Resource">{PROPERTY}</rdf:li></rdf:Seq>')))
PDFUA = (DESCRIPTION % (f'xmlns:pdfuaid="{UA_NAMESPACE}"', "<pdfuaid:part>1</pdfuaid:part>") + DESCRIPTION % (
    f'xmlns:pdfaExtension="{AIIM}extension/" xmlns:pdfaSchema="{AIIM}schema#" xmlns:pdfaProperty="{AIIM}property#"',
    f'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">{SCHEMA}</rdf:li></rdf:Bag>'
    "</pdfaExtension:schemas>")).encode()

# crisp-edges: otherwise pictures and colour emoji are marked /Interpolate, which PDF/A forbids. Emoji fonts are left to
# the fallback: named here, they would take the digits too, wide apart.
TEXT = '"Liberation Sans", "Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC", sans-serif'
STYLE = f"""* {{ image-rendering: crisp-edges }}
@page {{ font-family: {TEXT} }}
body {{ font-family: {TEXT} }}
pre, code {{ font-family: "Liberation Mono", "Noto Sans Mono", {TEXT} }}"""


class MissingGlyphs(logging.Handler):
    """Collects the characters that no font has: PDF/A forbids .notdef."""
    def __init__(self):
        super().__init__()
        self.characters = set()

    def emit(self, record):
        if ".notdef" in str(record.msg) and record.args:
            self.characters.update(str(record.args[0]))


def declare_pdfua(document, pdf):
    for part in pdf.objects:
        if isinstance(part, pydyf.Stream) and part.extra.get("Subtype") == "/XML":
            part.stream = [piece.replace(b"</rdf:RDF>", PDFUA + b"</rdf:RDF>") for piece in part.stream]


def render(text):
    """The bytes of the PDF, and the characters that had no glyph."""
    missing = MissingGlyphs()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(missing)
    # Only data: addresses, for a message must not read local files or call out.
    page = HTML(string=text, url_fetcher=URLFetcher(allowed_protocols={"data"}))
    pdf = page.write_pdf(stylesheets=[CSS(string=STYLE)], pdf_variant="pdf/a-2a", pdf_tags=True, finisher=declare_pdfua)
    logger.removeHandler(missing)
    return pdf, missing.characters & set(text)


def main():
    text = sys.stdin.buffer.read().decode("utf-8")
    replaced = set()
    for _ in range(4):
        pdf, missing = render(text)
        if not missing:
            break
        replaced |= missing
        for character in missing:
            text = text.replace(character, f"[U+{ord(character):04X}]")
    else:
        return 3
    sys.stdout.buffer.write(pdf)
    print(json.dumps({"tool": f"WeasyPrint {weasyprint.__version__}", "replaced": sorted(f"U+{ord(c):04X}" for c in replaced)}),
          file=sys.stderr)
    return 0


logging.getLogger("weasyprint").propagate = False
sys.exit(main())
