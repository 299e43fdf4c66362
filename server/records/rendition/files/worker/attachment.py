"""Makes one attached file readable: a picture small enough for a page, text as UTF-8, an office file as PDF/A-2b.

Part of the binary, which passes it to the interpreter of `rendition_python`, one process for each file. Argument: JSON with
`type` (what the file is said to be), `kind` (`picture`, `text`, `pdf`, `office`) and `office` (LibreOffice's program, or
empty). The file comes on standard input; what was made of it goes to standard output, and one line of JSON to standard
error: `problem`, or `type` and `tool`, and `is` where the file is not what it is said to be.
"""
import io
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib

MEGABYTE = 1 << 20
SECONDS = 30  # of one processor
WALL_SECONDS = 90  # the server's own patience is longer


def limit(memory):
    os.nice(10)  # people come first
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0),
                       (resource.RLIMIT_FSIZE, 128 * MEGABYTE), (resource.RLIMIT_NOFILE, 512)):
        resource.setrlimit(what, (most, most))


class Problem(Exception):
    """`code` is one of the keys of `problem` in the messages; `values` stand in them."""
    def __init__(self, code, **values):
        super().__init__(code)
        self.report = {"problem": code, **values}


# What a file is, by its first bytes.
SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"), (b"{\\rtf", "application/rtf"), (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/vnd.microsoft.portable-executable"), (b"#!", "text/x-script"),
    (b"\x1f\x8b", "application/gzip"), (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"), (b"Rar!", "application/vnd.rar"),
    (b"BM", "image/bmp"), (b"II*\0", "image/tiff"), (b"MM\0*", "image/tiff"), (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe", "application/java-vm"), (b"SQLite format 3\0", "application/vnd.sqlite3"))
OOXML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
# The main part of an Office Open XML package says what the package is.
PACKAGES = {"wordprocessingml": ("wordprocessingml.document", "docx"), "spreadsheetml": ("spreadsheetml.sheet", "xlsx"),
            "presentationml": ("presentationml.presentation", "pptx")}
# Names of streams in the file format of Office before 2007, which has no other sign of what it holds.
STREAMS = (("EncryptedPackage", "locked"), ("WordDocument", "application/msword"), ("Workbook", "application/vnd.ms-excel"),
           ("PowerPoint Document", "application/vnd.ms-powerpoint"), ("__properties_version1.0", "application/vnd.ms-outlook"))
OFFICE = {"application/rtf": ("rtf", "writer"), "application/msword": ("doc", "writer"),
          "application/vnd.ms-excel": ("xls", "calc"), "application/vnd.ms-powerpoint": ("ppt", "impress"),
          "image/svg+xml": ("svg", "draw"),
          OOXML + "wordprocessingml.document": ("docx", "writer"), OOXML + "spreadsheetml.sheet": ("xlsx", "calc"),
          OOXML + "presentationml.presentation": ("pptx", "impress"), OPEN_DOCUMENT + "text": ("odt", "writer"),
          OPEN_DOCUMENT + "spreadsheet": ("ods", "calc"), OPEN_DOCUMENT + "presentation": ("odp", "impress"),
          OPEN_DOCUMENT + "graphics": ("odg", "draw")}
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
MOST_MEMBERS = 10_000
MOST_UNPACKED = 256 * MEGABYTE
MOST_OF_MEMBER = MEGABYTE


def archive_type(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
                raise Problem("unpacks")
            names = {member.filename: member for member in members}
            for name in ("mimetype", "[Content_Types].xml"):
                if name not in names:
                    continue
                with archive.open(names[name]) as file:  # read() alone would trust the size it is said to have
                    said = file.read(MOST_OF_MEMBER).decode("utf-8", "replace")
                if name == "mimetype":
                    return said.strip()[:200]
                for sign, (kind, _) in PACKAGES.items():
                    if f"{sign}.document.main" in said or f"{sign}.sheet.main" in said or f"{sign}.presentation.main" in said:
                        return OOXML + kind
            return "application/zip"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error):
        raise Problem("broken") from None


def found_type(content):
    head = content[:1024]
    for start, kind in SIGNATURES:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return archive_type(content)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        for name, kind in STREAMS:
            if name.encode("utf-16-le") in content:
                if kind == "locked":
                    raise Problem("locked")
                return kind
        return "application/x-ole-storage"
    if b"%PDF-" in head:
        return "application/pdf"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<?xml", b"<svg", b"<!doctype svg")) and b"<svg" in head.lower():
        return "image/svg+xml"
    if start.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    return "text/plain" if as_text(content) is not None else "application/octet-stream"


def as_text(content):
    """None when it is none: what has signs that no text has is not shown as one."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text):
            return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return None


MOST_PIXELS = 100_000_000
MOST_TEXT = 256 * 1024
LONGEST_SIDE = 2000  # 240 to the inch across a page
MOST_LOSSLESS = MEGABYTE


def flat(picture, colours):
    """In the colours of a screen, without transparency, the right way up."""
    from PIL import Image, ImageCms, ImageOps
    picture = ImageOps.exif_transpose(picture)
    if picture.mode in ("P", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        return paper
    if colours and picture.mode in ("RGB", "CMYK", "L"):
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(colours))
            return ImageCms.profileToProfile(picture, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that can't be read is left out, as viewers do
    if picture.mode.startswith(("I", "F")):
        picture = picture.point(lambda value: value / 256).convert("L")
    return picture if picture.mode == "L" else picture.convert("RGB")


def make_picture(content, kind, _):
    import PIL
    from PIL import Image
    Image.MAX_IMAGE_PIXELS = None  # checked here, before anything is decoded
    try:
        picture = Image.open(io.BytesIO(content), formats=[PICTURES[kind]])
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise Problem("pixels", width=width, height=height)
        frames = getattr(picture, "n_frames", 1)
        colours = picture.info.get("icc_profile")
        if kind == "image/jpeg":
            picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
        picture = flat(picture, colours)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        picture.info = {}
        made, out = "image/png", io.BytesIO()
        if kind != "image/jpeg":
            picture.save(out, "PNG", optimize=False)
        if kind == "image/jpeg" or out.tell() > MOST_LOSSLESS:
            made, out = "image/jpeg", io.BytesIO()
            picture.save(out, "JPEG", quality=85, subsampling=0)
    except Problem:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, KeyError, Image.DecompressionBombError):
        raise Problem("broken") from None
    report = {"type": made, "tool": f"Pillow {PIL.__version__}", "width": picture.width, "height": picture.height}
    return out.getvalue(), report | ({"frames": frames} if frames > 1 else {})


def make_text(content, _, __):
    if len(content) > MOST_TEXT:
        raise Problem("long")
    return as_text(content).encode(), {"type": "text/plain", "tool": "Torg"}


def make_pdf(content, _, __):
    """Nothing is made of a PDF: it is looked at whether it can be opened."""
    import pikepdf
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise Problem("locked")
            len(pdf.pages)
    except pikepdf.PasswordError:
        raise Problem("locked") from None
    except (pikepdf.PdfError, ValueError, RuntimeError, OSError):
        raise Problem("broken") from None
    return b"", {"type": "application/pdf", "tool": ""}


# No macros, no links followed, nothing fetched: beside the sandbox, which has no network anyway.
SCRIPTING = "Office.Common/Security/Scripting"
SETTINGS = ((SCRIPTING, "MacroSecurityLevel", 3), (SCRIPTING, "DisableMacrosExecution", "true"),
            (SCRIPTING, "BlockUntrustedRefererLinks", "true"), (SCRIPTING, "DisableActiveContent", "true"),
            ("Office.Writer/Content/Update", "Link", 0), ("Office.Calc/Content/Update", "Link", 1),
            ("Office.Common/Save/Graphic", "AddReplacementImages", "false"))
PROFILE = ('<?xml version="1.0" encoding="UTF-8"?>'
           '<oor:items xmlns:oor="http://openoffice.org/2001/registry">%s</oor:items>') % "".join(
    f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
    for path, name, value in SETTINGS)
OPTIONS = {"SelectPdfVersion": 2, "UseTaggedPDF": True}
KINDS_OF_OPTION = {int: "long", bool: "boolean"}


RESTART = 81  # what LibreOffice ends with when it has set up a new profile and wants to be started again


def convert(folder, source, module, program):
    """Runs LibreOffice without the program that shows its picture meanwhile; it and all that it started end in time."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(PROFILE)
    options = json.dumps({name: {"type": KINDS_OF_OPTION[type(value)], "value": str(value).lower()}
                          for name, value in OPTIONS.items()})
    command = [real_program(program), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
               "--norestore", "--nologo", "--nolockcheck", "--convert-to", f"pdf:{module}_pdf_Export:{options}",
               "--outdir", str(folder / "out"), str(source)]
    end = time.monotonic() + WALL_SECONDS
    for _ in range(2):
        said, status = run_until(command, folder, end)
        if status != RESTART:
            break
    return said, status


def run_until(command, folder, end):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               start_new_session=True, cwd=folder)
    try:
        said, _ = process.communicate(timeout=max(end - time.monotonic(), 1))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise Problem("slow") from None
    return said.decode("utf-8", "replace")[-2000:], process.returncode


def real_program(program):
    """`soffice` is a script that looks for a place on the screen, too."""
    beside = pathlib.Path(os.path.realpath(program)).parent / "soffice.bin"
    return str(beside) if beside.exists() else program


PRODUCER = re.compile(rb"<pdf:Producer>([^<]{1,60})</pdf:Producer>")


def make_office(content, kind, program):
    if not program:
        raise Problem("no_office")
    extension, module = OFFICE[kind]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = pathlib.Path(temporary)
        source = folder / f"file.{extension}"
        source.write_bytes(content)
        said, status = convert(folder, source, module, program)
        made = folder / "out" / "file.pdf"
        # It says 0 also when it could not read the file; killed by its limits, it says so.
        if not made.exists() and status in (-signal.SIGXCPU, -signal.SIGKILL, 128 + signal.SIGXCPU, 128 + signal.SIGKILL):
            raise Problem("slow")
        if not made.exists():
            print(said, file=sys.stderr)
            raise Problem("broken")
        pdf = made.read_bytes()
    producer = PRODUCER.search(pdf)
    return pdf, {"type": "application/pdf", "tool": producer.group(1).decode() if producer else "LibreOffice"}


TEXTS = ("text/plain", "text/html", "text/x-script", "image/svg+xml", "application/rtf")
MAKERS = {"picture": (PICTURES, make_picture), "text": (TEXTS, make_text),
          "pdf": (("application/pdf",), make_pdf), "office": (OFFICE, make_office)}


def make(request, content):
    is_really = found_type(content)
    kinds, maker = MAKERS[request["kind"]]
    lies = request["kind"] != "text" and request["type"] != is_really
    if is_really not in kinds:
        raise Problem("lies", says=request["type"], **{"is": is_really})
    made, report = maker(content, is_really, request["office"])
    return made, report | ({"is": is_really} if lies else {})


def main():
    request = json.loads(sys.argv[1])
    # LibreOffice maps more than it uses.
    limit((4 if request["kind"] == "office" else 2) * 1024 * MEGABYTE)
    made = b""
    try:
        made, report = make(request, sys.stdin.buffer.read())
    except Problem as problem:
        report = problem.report
    except MemoryError:
        report = {"problem": "memory"}
    sys.stdout.buffer.write(made)
    sys.stdout.flush()
    print(json.dumps(report), file=sys.stderr)
    return 0


sys.exit(main())
