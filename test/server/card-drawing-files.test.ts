// The card's files: exact page sizes, words that can be copied, codes that a scanner reads from a blurred print, and no way to smuggle markup in.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PDFDocument } from 'pdf-lib';
import sharp from 'sharp';
import { cardLabels } from '../../core/card/drawing/labels.ts';
import {
  renderBlankCardsPdf,
  renderCardPdf,
  renderCardPng,
  renderCardSheetPdf,
  renderCardSvg,
  renderFridgeSheetPdf,
  renderLockScreenPng,
  renderQrPng,
  renderQrSvg,
  renderWristbandPdf,
} from '../../server/card/drawing/render.ts';
import { ashaFace, ashaLists } from './card-drawing-face.ts';

const folder = mkdtempSync(join(tmpdir(), 'medallion-card-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function present(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}

const without = (program: string): { skip?: string } =>
  present(program) ? {} : { skip: `${program} is not installed` };

function save(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function textOf(pdf: Uint8Array): string {
  return execFileSync('pdftotext', ['-layout', save('text.pdf', pdf), '-'], { encoding: 'utf8' }).normalize(
    'NFC',
  );
}

function codesIn(image: Uint8Array): string[] {
  const path = save('scan.png', image);
  const { stdout } = spawnSync('zbarimg', ['-q', '--raw', '-Sdisable', '-Sqrcode.enable', path], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((line) => line !== '');
}

/** As a worn print through a poor camera: shrunk a little, blurred by a tenth of the usual module and more, greyed. */
async function worn(image: Uint8Array, sigma: number): Promise<Uint8Array> {
  const { width } = await sharp(image).metadata();
  const poor = sharp(image)
    .flatten({ background: '#ffffff' })
    .resize(Math.round(width * 0.9))
    .blur(sigma);
  return new Uint8Array(await poor.linear(0.75, 30).png().toBuffer());
}

async function pageSizesMm(pdf: Uint8Array): Promise<number[][]> {
  const document = await PDFDocument.load(pdf);
  return document.getPages().map((page) => [page.getWidth(), page.getHeight()].map((pt) => (pt * 25.4) / 72));
}

function assertSizes(
  sizes: readonly (readonly number[])[],
  wanted: readonly (readonly [number, number])[],
): void {
  assert.equal(sizes.length, wanted.length);
  for (const [index, [width = 0, height = 0]] of sizes.entries()) {
    assert.ok(Math.abs(width - (wanted[index]?.[0] ?? 0)) < 0.001, `width ${width}`);
    assert.ok(Math.abs(height - (wanted[index]?.[1] ?? 0)) < 0.001, `height ${height}`);
  }
}

const portrait = new Uint8Array(
  await sharp({ create: { width: 280, height: 360, channels: 3, background: '#7a8f86' } })
    .jpeg()
    .toBuffer(),
);

test('a photo that lies in the middle of shared memory, as small files do, is drawn like any other', async () => {
  const jpeg = await sharp({ create: { width: 9, height: 11, channels: 3, background: '#b08968' } })
    .jpeg()
    .toBuffer();
  const shared = Buffer.concat([Buffer.alloc(7, 1), jpeg, Buffer.alloc(7, 1)]);
  const photoJpeg = shared.subarray(7, 7 + jpeg.length);
  assert.deepEqual(
    await renderCardPdf({ ...ashaFace, photoJpeg }),
    await renderCardPdf({ ...ashaFace, photoJpeg: Uint8Array.from(jpeg) }),
  );
});

test('pages are exactly as large as the thing to be cut out or carried', async () => {
  assertSizes(await pageSizesMm(await renderCardPdf(ashaFace)), [
    [85.6, 53.98],
    [85.6, 53.98],
  ]);
  assertSizes(await pageSizesMm(await renderCardSheetPdf(ashaFace)), [[210, 297]]);
  const band = { face: ashaFace, birthYear: '1980' };
  assertSizes(await pageSizesMm(await renderWristbandPdf(band)), [[297, 210]]);
  assertSizes(await pageSizesMm(await renderWristbandPdf(band, 'strip')), [[250, 25]]);
  assertSizes(await pageSizesMm(await renderFridgeSheetPdf(ashaFace, ashaLists)), [[210, 297]]);
  const cards = Array.from({ length: 11 }, (_, index) => ({
    url: `https://medallion.example/e/token-${index}`,
    claimCode: 'K7QM-2D4X',
    serial: `B12-${index}`,
  }));
  assertSizes(await pageSizesMm(await renderBlankCardsPdf(cards, cardLabels('en'))), [
    [210, 297],
    [210, 297],
  ]);
});

test('the words of a PDF can be copied, in Latin and in Devanagari', without('pdftotext'), async () => {
  const text = textOf(
    await renderCardPdf({ ...ashaFace, labels: cardLabels('en', 'hi'), photoJpeg: portrait }),
  );
  const wanted = [
    'Asha Rao',
    'आशा राव',
    'आपातकालीन कार्ड',
    'Female, born 1 Feb 1980',
    'Blood A+ (lab, 2 May 2024)',
    '48 2109 3766 5015',
    'PENICILLIN',
    'Anaphylaxis. Do not give.',
    'Call first पहले फ़ोन करें',
    '+91 90000 41122',
    'If you find this card',
  ];
  for (const words of wanted) assert.ok(text.includes(words.normalize('NFC')), `"${words}" in\n${text}`);
  const fridge = textOf(await renderFridgeSheetPdf(ashaFace, ashaLists));
  for (const words of [
    'Danger ख़तरा',
    'Type 1 diabetes',
    'Dr Meera Iyer, verified 18 Nov 2026',
    'page 1 of 1',
    'Printed 20 Nov 2026',
  ])
    assert.ok(fridge.includes(words.normalize('NFC')), `"${words}" in\n${fridge}`);
});

test(
  'accents, ligatures and letters that no font has can still be copied',
  without('pdftotext'),
  async () => {
    const name = 'Ṛṣi Ñāṇa fi 王';
    const text = textOf(await renderCardPdf({ ...ashaFace, name, nameSecond: '' })).normalize('NFD');
    assert.ok(text.includes(name.normalize('NFD')), text);
  },
);

test(
  'the codes are read from a 300-dpi picture that is blurred, shrunk and greyed',
  without('zbarimg'),
  async () => {
    const offlineText = 'EMERGENCY CARD - ASHA RAO F b.1980-02-01 ALLERGY: PENICILLIN (anaphylaxis) '.repeat(
      3,
    );
    const front = await renderCardPng({ ...ashaFace, photoJpeg: portrait }, 'front', 300);
    const back = await renderCardPng({ ...ashaFace, offlineText }, 'back', 300);
    for (const sigma of [0.3, 1, 2]) {
      assert.deepEqual(codesIn(await worn(front, sigma)), [ashaFace.url], `sigma ${sigma}`);
      assert.deepEqual(codesIn(await worn(back, Math.min(sigma, 1.4))), [offlineText], `sigma ${sigma}`);
    }
    const longUrl = `${ashaFace.url}/${'x'.repeat(80)}`;
    const dense = await renderCardPng({ ...ashaFace, url: longUrl }, 'front', 300);
    assert.deepEqual(codesIn(await worn(dense, 0.6)), [longUrl]);
  },
);

test('every other picture that carries the code can be read too', without('zbarimg'), async () => {
  assert.deepEqual(codesIn(await renderQrPng(ashaFace.url, 6)), [ashaFace.url]);
  const svg = await renderQrSvg(ashaFace.url);
  const drawn = await sharp(Buffer.from(svg)).resize(400).png().toBuffer();
  assert.deepEqual(codesIn(new Uint8Array(drawn)), [ashaFace.url]);
  const lock = await renderLockScreenPng(ashaFace, { width: 1080, height: 2400 });
  assert.deepEqual(codesIn(await worn(lock, 1)), [ashaFace.url]);
});

test('the codes of the PDFs can be read from a 300-dpi print', without('pdftoppm'), async (context) => {
  if (!present('zbarimg')) return context.skip('zbarimg is not installed');
  const band = { face: ashaFace, birthYear: '1980' };
  for (const pdf of [
    await renderCardPdf({ ...ashaFace, photoJpeg: portrait }),
    await renderWristbandPdf(band, 'strip'),
    await renderFridgeSheetPdf(ashaFace, ashaLists),
  ]) {
    const page = join(folder, 'page');
    execFileSync('pdftoppm', [
      '-r',
      '300',
      '-f',
      '1',
      '-l',
      '1',
      '-singlefile',
      '-png',
      save('code.pdf', pdf),
      page,
    ]);
    const image = new Uint8Array(await sharp(`${page}.png`).toBuffer());
    assert.deepEqual(codesIn(await worn(image, 1)), [ashaFace.url]);
  }
});

test('pictures have exactly the pixels asked for', async () => {
  const size = async (png: Uint8Array): Promise<number[]> => {
    const { width, height, format } = await sharp(png).metadata();
    assert.equal(format, 'png');
    return [width, height];
  };
  assert.deepEqual(await size(await renderCardPng(ashaFace, 'front', 300)), [1011, 638]);
  assert.deepEqual(await size(await renderCardPng(ashaFace, 'back', 96)), [324, 204]);
  assert.deepEqual(
    await size(await renderLockScreenPng(ashaFace, { width: 1170, height: 2532 })),
    [1170, 2532],
  );
  assert.deepEqual(await size(await renderQrPng(ashaFace.url, 4)), [164, 164]);
  for (const dpi of [0, -1, NaN, 100_000])
    await assert.rejects(renderCardPng(ashaFace, 'front', dpi), { code: 'picture-size' });
  for (const pixels of [0, 1.5, 1000, NaN])
    await assert.rejects(renderQrPng(ashaFace.url, pixels), { code: 'picture-size' });
  await assert.rejects(renderQrSvg('x'.repeat(5000)), { code: 'code-too-long' });
});

test('the SVG needs nothing from outside and says its facts in words', async () => {
  const svg = await renderCardSvg({ ...ashaFace, photoJpeg: portrait }, 'front');
  assert.match(
    svg,
    /^<svg [^>]*width="85\.6mm" height="53\.98mm" viewBox="0 0 85\.6 53\.98" role="img" lang="en">/,
  );
  assert.match(svg, /<title>Emergency card: Asha Rao<\/title>/);
  assert.match(svg, /<desc>[^<]*Danger: Penicillin\. Anaphylaxis\. Do not give\./);
  assert.doesNotMatch(svg, /<text|<style|<script|font-family|url\(|href="(?!data:image\/jpeg;base64,)/);
});

test('WEB-15: markup, control characters and broken text in a name stay text, in every file', async () => {
  const hostile = [
    '</title><script>alert(1)</script>',
    '"/><image href="https://evil.example/x.png"/>',
    '&lt;b&gt; &amp; ]]> <!-- -->',
    'nul\u0000 bell\u0007 esc\u001b half\ud800 \uffff',
    ') Tj ET (injected',
    '\u202egnp.exe',
    '😀👩‍👩‍👧‍👦🇮🇳',
  ];
  for (const name of hostile) {
    const face = { ...ashaFace, name, dangers: [{ noun: name, reason: name }], doctor: { name } };
    const svg = await renderCardSvg(face, 'front');
    const tags = new Set(Array.from(svg.matchAll(/<([a-z]+)/g), ([, tag]) => tag));
    assert.deepEqual(tags, new Set(['svg', 'title', 'desc', 'path']), name);
    assert.equal((await sharp(Buffer.from(svg)).metadata()).format, 'svg');
    const document = await PDFDocument.load(await renderCardPdf(face));
    assert.equal(document.getPageCount(), 2);
  }
});

test('the same card gives the same bytes', async () => {
  const face = { ...ashaFace, photoJpeg: portrait };
  assert.deepEqual(await renderCardPdf(face), await renderCardPdf(face));
  assert.equal(await renderCardSvg(face, 'back'), await renderCardSvg(face, 'back'));
  assert.deepEqual(await renderCardPng(face, 'front', 150), await renderCardPng(face, 'front', 150));
});
