"""Renders vectors and their twins with poppler, MuPDF and pdfium: render-vectors.py FOLDER [FAMILY].

FOLDER is an export: `cargo run -p cqm-tests --example make_vectors -- --export FOLDER`. Prints a row
for each attack, with the difference to its twin in each engine: the share of pixels, in thousandths,
and whether the extracted text is another. "same" is an attack that does not work in that engine.

Run by hand. Needs poppler, and from PyPI pymupdf, pypdfium2, pillow and numpy.
"""

import io
import pathlib
import subprocess
import sys
import tempfile

import numpy
import pymupdf
import pypdfium2
from PIL import Image

DPI = 50


def poppler(path):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", str(DPI), path, f"{folder}/page"], stderr=subprocess.DEVNULL, check=False)
        pages = [numpy.asarray(Image.open(page).convert("L")) for page in sorted(pathlib.Path(folder).iterdir())]
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=False).stdout
    return pages, " ".join(text.decode(errors="replace").split())


def mupdf(path):
    with pymupdf.open(path) as document:
        pixmaps = [page.get_pixmap(dpi=DPI) for page in document]
        pages = [numpy.asarray(Image.open(io.BytesIO(pixmap.tobytes("png"))).convert("L")) for pixmap in pixmaps]
        return pages, " ".join(" ".join(page.get_text() for page in document).split())


def pdfium(path):
    document = pypdfium2.PdfDocument(path)
    pages = [numpy.asarray(page.render(scale=DPI / 72, may_draw_forms=True).to_pil().convert("L")) for page in document]
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    return pages, " ".join(text.split())


ENGINES = {"poppler": poppler, "MuPDF": mupdf, "pdfium": pdfium}


def seen(engine, path):
    try:
        return ENGINES[engine](path)
    except Exception:  # noqa: BLE001: whatever an engine raises, it shows nothing
        return None


def difference(one, other):
    if one is None or other is None:
        return "not opened"
    (pages, text), (twin_pages, twin_text) = one, other
    if len(pages) != len(twin_pages):
        return f"{len(pages)} pages"
    changed = sum(int((abs(a.astype(int) - b.astype(int)) > 40).sum()) for a, b in zip(pages, twin_pages))
    share = 1000 * changed / sum(page.size for page in twin_pages)
    words = [] if share == 0 else [f"{share:.1f} ‰"]
    return ", ".join(words + (["text"] if text != twin_text else [])) or "same"


def main():
    folder = pathlib.Path(sys.argv[1])
    family = sys.argv[2] if len(sys.argv) > 2 else "second-wall"
    twins = {}
    print("| vector | fault | " + " | ".join(ENGINES) + " |")
    print("| --- | --- |" + " --- |" * len(ENGINES))
    for header in sorted((folder / family).glob("*.txt")):
        lines = dict(line.split(": ", 1) for line in header.read_text().splitlines())
        if lines["expect"] == "valid":
            continue
        row = []
        for engine in ENGINES:
            twin = (engine, lines["twin"])
            if twin not in twins:
                twins[twin] = seen(engine, str(folder / f"{lines['twin']}.pdf"))
            row.append(difference(seen(engine, str(header.with_suffix(".pdf"))), twins[twin]))
        print(f"| `{header.stem}` | {lines['fault']} | " + " | ".join(row) + " |")


main()
