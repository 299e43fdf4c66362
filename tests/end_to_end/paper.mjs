// What comes out of the printer: the page as Chromium prints it, and the text of that PDF.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extractText, getDocumentProxy } from 'unpdf';

/** Prints a page for paper. @return its text, one line of blanks for every white space, and how many sheets it takes. */
export async function printed(page, name) {
  const bytes = await page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true });
  const folder = process.env.TORG_PICTURES;
  if (folder) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${name}.pdf`), bytes);
  }
  const document = await getDocumentProxy(new Uint8Array(bytes));
  const { totalPages: sheets, text } = await extractText(document, { mergePages: true });
  return { sheets, text: text.replace(/\s+/g, ' ') };
}
