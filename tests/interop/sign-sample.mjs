// Writes a letter with pdf-lib and signs it with @signpdf: sign-sample.mjs P12 PASSPHRASE TIME PDF.

import { readFileSync, writeFileSync } from "node:fs";
import { PDFDocument, StandardFonts } from "pdf-lib";
import { pdflibAddPlaceholder } from "@signpdf/placeholder-pdf-lib";
import { P12Signer } from "@signpdf/signer-p12";
import { SignPdf } from "@signpdf/signpdf";

const [p12Path, passphrase, time, target] = process.argv.slice(2);
const signingTime = new Date(time);
const pdf = await PDFDocument.create();
pdf.setCreationDate(signingTime);
pdf.setModificationDate(signingTime);
const font = await pdf.embedFont(StandardFonts.Helvetica);
const page = pdf.addPage([595, 842]);
page.drawText("Statement of Quality", { x: 72, y: 760, size: 16, font });
page.drawText("Card body, Shenzhen: 39902000DA\nInlay, Porto: 69901000DA", { x: 72, y: 720, size: 10, font });
pdflibAddPlaceholder({
  pdfDoc: pdf,
  reason: "A sample",
  contactInfo: "",
  name: "Samples Office",
  location: "",
  signingTime,
  signatureLength: 4096,
});
const unsigned = await pdf.save({ useObjectStreams: false });
const signer = new P12Signer(readFileSync(p12Path), { passphrase });
writeFileSync(target, await new SignPdf().sign(unsigned, signer, signingTime));
