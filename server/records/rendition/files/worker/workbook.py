"""Writes the first sheet of a workbook (XLSX) as CSV.

Part of the binary, which passes it to the interpreter of `rendition_python`, one process for each file. The workbook comes on
standard input and the CSV (RFC 4180, UTF-8) goes to standard output; a file that can't be read ends with a line of JSON on
standard error, `{"problem": "broken" | "much"}`. Days are written 2026-11-24 and whole numbers without a decimal point, as in the
CSV that a spreadsheet saves; of a formula the value it had when it was saved.
"""
import csv
import datetime
import io
import json
import os
import resource
import sys
import zipfile

MEGABYTE = 1 << 20
MOST_UNPACKED = 256 * MEGABYTE
MOST_MEMBERS = 1000
MOST_ROWS = 50_001  # with the headings
MOST_COLUMNS = 100
MOST_BLANK = 1000  # rows in a row: a sheet that was formatted to its end has a million
SECONDS = 60


def stop(problem):
    print(json.dumps({"problem": problem}), file=sys.stderr)
    sys.exit(3)


def text_of(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def rows_of(content):
    import openpyxl  # after the limits

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    blank = []
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [text_of(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            blank.append(cells)
            if len(blank) > MOST_BLANK:
                return
            continue
        if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
            stop("much")
        yield from blank
        blank.clear()
        yield cells


def main():
    os.nice(10)  # people come first
    for what, most in ((resource.RLIMIT_AS, 1024 * MEGABYTE), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0),
                       (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 256)):
        resource.setrlimit(what, (most, most))
    content = sys.stdin.buffer.read()
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
        if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
            stop("much")
        out = io.StringIO()
        csv.writer(out).writerows(rows_of(content))
    except MemoryError:
        stop("much")
    except Exception:  # whatever a library makes of a file that lies
        stop("broken")
    sys.stdout.buffer.write(out.getvalue().encode())


main()
