"""Files that people send, made here: nothing of it was found anywhere."""

import base64
import functools
import html
import io
import subprocess
import zipfile

from office import WORKER, File

SCRIPTS = "Älvhamn · Ελληνικά · Кириллица · العربية · עברית · ქართული · 漢字かな · हिन्दी"
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>
"""
TYPES = {
    "pdf": "application/pdf",
    "txt": "text/plain",
    "csv": "text/csv",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "rtf": "application/rtf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
DRAW = """
import io, sys, base64
from PIL import Image, ImageDraw, ImageCms
kind, mode, width, height = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
picture = Image.new(mode, (width, height))
if mode in ("RGB", "RGBA"):
    pixels = ImageDraw.Draw(picture)
    pixels.ellipse((5, 5, width - 5, height - 5), fill=(200, 80, 40, 128)[:len(mode)])
options = {"GIF": {"save_all": True, "append_images": [Image.new(mode, (width, height), 1)]}}.get(kind, {})
if kind == "JPEG":
    exif = picture.getexif()
    exif[274] = 6
    options = {"exif": exif}
    if mode == "RGB":
        options["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
out = io.BytesIO()
picture.save(out, kind, **options)
sys.stdout.buffer.write(out.getvalue())
"""


def named(name: str, content: bytes) -> File:
    return File(name, TYPES[name.rpartition(".")[2]], content)


@functools.cache
def picture(kind: str, mode: str = "RGB", width: int = 240, height: int = 160) -> bytes:
    """A picture as Pillow writes it, which lives where the worker does."""
    return subprocess.run(
        [WORKER, "-c", DRAW, kind, mode, str(width), str(height)], check=True, stdout=subprocess.PIPE
    ).stdout



def archive(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            file.writestr(name, content, how)
    return out.getvalue()


XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OPC = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ML = "application/vnd.openxmlformats-officedocument"


def opc(main: str, kind: str, members: dict[str, str | bytes]) -> bytes:
    """An Office Open XML package whose main part is `main` of type `kind`."""
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{ML}.{kind if name == main else "spreadsheetml.worksheet"}+xml"/>'
        for name in members
        if name.endswith(".xml")
    )
    return archive(
        {
            "[Content_Types].xml": f'{XML}<Types xmlns="{OPC}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="png" ContentType="image/png"/>{types}</Types>',
            "_rels/.rels": f'{XML}<Relationships xmlns="{OPC}/relationships"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="{main}"/></Relationships>',
            **members,
        }
    )


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(text: str, more: str = "", relations: str = "") -> bytes:
    """A letter; `more` is put into its body and `relations` among its relationships."""
    paragraph = f"<w:p><w:r><w:t>{html.escape(text)}</w:t></w:r></w:p>"
    cell = "<w:tc><w:tcPr><w:tcW w:w='2000' w:type='dxa'/></w:tcPr><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc>"
    table = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>{cell}{cell}</w:tr></w:tbl>"
    members: dict[str, str | bytes] = {
        "word/document.xml": f'{XML}<w:document xmlns:w="{W}" xmlns:r="{OFFICE}"><w:body>{paragraph}{table}{more}'
        f"{paragraph}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'{XML}<Relationships xmlns="{OPC}/relationships">{relations}</Relationships>',
    }
    return opc("word/document.xml", "wordprocessingml.document.main", members)


def xlsx() -> bytes:
    s = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>rad {n}</t></is></c><c r="B{n}"><v>{n}</v></c></row>' for n in range(1, 9))
    return opc(
        "xl/workbook.xml",
        "spreadsheetml.sheet.main",
        {
            "xl/workbook.xml": f'{XML}<workbook xmlns="{s}" xmlns:r="{OFFICE}"><sheets><sheet name="Blad" sheetId="1" '
            f'r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{OPC}/relationships"><Relationship Id="r1" '
            f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'{XML}<worksheet xmlns="{s}"><sheetData>{rows}</sheetData></worksheet>',
        },
    )


ODF = "urn:oasis:names:tc:opendocument:xmlns"
BODIES = {
    "odt": ("text", "<text:p>{text}</text:p>"),
    "ods": ("spreadsheet", '<table:table table:name="Blad"><table:table-row><table:table-cell '
            'office:value-type="string"><text:p>{text}</text:p></table:table-cell></table:table-row></table:table>'),
    "odp": ("presentation", '<draw:page draw:name="Sida"><draw:frame svg:width="20cm" svg:height="5cm" svg:x="2cm" '
            'svg:y="2cm"><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame></draw:page>'),
}  # fmt: skip


def odf(kind: str, text: str, inside: str = "") -> bytes:
    """An OpenDocument file; `inside` is markup beside the text of its first place."""
    body, markup = BODIES[kind]
    names = " ".join(
        f'xmlns:{prefix}="{ODF}:{name}"'
        for prefix, name in (
            ("office", "office:1.0"), ("text", "text:1.0"), ("table", "table:1.0"), ("draw", "drawing:1.0"),
            ("svg", "svg-compatible:1.0"),
        )
    )  # fmt: skip
    content = markup.replace("{text}", html.escape(text) + inside)
    kind_name = TYPES[kind]
    return archive(
        {
            "mimetype": kind_name,
            "META-INF/manifest.xml": f'{XML}<manifest:manifest xmlns:manifest="{ODF}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind_name}"/>'
            f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
            "content.xml": f'{XML}<office:document-content {names} xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'office:version="1.2"><office:body><office:{body}>{content}</office:{body}></office:body></office:document-content>',
        }
    )


def rtf(text: str) -> bytes:
    signs = "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in text)
    return f"{{\\rtf1\\ansi {signs}\\par}}".encode()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="90" height="50" fill="#246"/></svg>'
TABLE = "<table><thead><tr><th>Sektion</th><th>Nivå</th></tr></thead><tbody><tr><td>A</td><td>1,2 m</td></tr></tbody></table>"
LIST = "<ol><li>Mät</li><li>Skriv upp<ul><li>i dagboken</li></ul></li></ol>"


def data_uri(file: File) -> str:
    return f"data:{file.type};base64,{base64.b64encode(file.content).decode()}"
