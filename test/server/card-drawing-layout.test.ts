// The card's layout held with real font metrics: nothing overflows, nothing is too small, no danger is cut, every silence is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layBlankCards } from '../../core/card/drawing/blank-cards.ts';
import { layCardBack } from '../../core/card/drawing/card-back.ts';
import type { CardDanger, CardFace } from '../../core/card/drawing/card-face.ts';
import { layCardFront } from '../../core/card/drawing/card-front.ts';
import { layCardSheet } from '../../core/card/drawing/card-sheet.ts';
import { LEAST_MODULE_MM, QUIET_MODULES } from '../../core/card/drawing/code-place.ts';
import type { Box, Drawing, TextMark } from '../../core/card/drawing/drawing.ts';
import { DrawingError, MM_PER_PT } from '../../core/card/drawing/drawing.ts';
import { layFridgeSheet } from '../../core/card/drawing/fridge-sheet.ts';
import { cardLabels } from '../../core/card/drawing/labels.ts';
import { layLockScreen, LOCK_SCREEN_SIZES } from '../../core/card/drawing/lock-screen.ts';
import { layWristband, layWristbandSheet } from '../../core/card/drawing/wristband.ts';
import { openStudio } from '../../server/card/drawing/render.ts';
import { ashaFace, ashaLists, fourDangers } from './card-drawing-face.ts';

const { typeface, tools } = await openStudio();

const hostileNames: readonly string[] = [
  'Asha Rao',
  'A',
  'Venkatanarasimharajuvaripeta Subrahmanyam Lakshminarasimhacharyulu Ramachandrapuram',
  'Krung Thep Mahanakhon Amon Rattanakosin Mahinthara Ayuthaya '.repeat(12),
  'W'.repeat(400),
  'अनिरुद्धवर्धन कृष्णमूर्ति श्रीवास्तव क्षत्रियकुलावतंस',
  'க்ஷத்ரியன் 😀😀 王小明 عبد الله',
  '\u202egnihton\u202c\u0000\u0007 Rao',
  '<script>alert("x")</script> & Sons',
  `Z${'\u0335\u0322\u0300\u0301'.repeat(50)}algo`,
  'Ṭhākur Śrī Ṛṣi Ñāṇa',
  '',
];

function danger(noun: string, reason = 'Do not give.'): CardDanger {
  return { noun, reason };
}

const hostileDangers: readonly (readonly CardDanger[])[] = [
  [],
  fourDangers.slice(0, 1),
  fourDangers.slice(0, 2),
  fourDangers.slice(0, 3),
  fourDangers,
  [...fourDangers, danger('Latex'), danger('Haemophilia A')],
  [danger('Pneumonoultramicroscopicsilicovolcanoconiosis'), danger('Hydroxychloroquine sulfate 200 mg')],
  Array.from({ length: 4 }, (_, index) =>
    danger(
      `Sulfamethoxazole and trimethoprim ${index}`,
      'Toxic epidermal necrolysis in 2019. Never give again.',
    ),
  ),
  Array.from({ length: 40 }, (_, index) => danger(`Danger number ${index}`, 'r'.repeat(300))),
  [danger('N'.repeat(400))],
  [danger('Adrenaline autoinjector', 'A very long reason that nobody can read in a hurry. '.repeat(20))],
  [danger('पेनिसिलिन (Penicillin)', 'जान का ख़तरा। बिल्कुल न दें।'), danger('वारफ़रिन', 'ख़ून पतला करती है।')],
  [danger('\u0000\u202e', '')],
];

function textsOf(drawing: Drawing): TextMark[] {
  return drawing.marks.filter((mark) => mark.kind === 'text');
}

/** The extent of the outlines that a line draws, from the glyphs themselves. */
function inkOf(mark: TextMark): Box | undefined {
  const scale = (mark.sizePt * MM_PER_PT) / 1000;
  let pen = 0;
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (const run of typeface.shape(mark.text, mark.weight)) {
    for (const glyph of run.glyphs) {
      for (const { values } of typeface.outline(run.file, glyph.id)) {
        for (let index = 0; index + 1 < values.length; index += 2) {
          const x = mark.x + (pen + glyph.xOffset + (values[index] ?? 0)) * scale;
          const y = mark.baseline - (glyph.yOffset + (values[index + 1] ?? 0)) * scale;
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y);
        }
      }
      pen += glyph.advance;
    }
  }
  return left === Infinity ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.min(width, height);
}

/** Holds the rules that every drawing keeps, whatever it says. */
function assertSound(drawing: Drawing, what: string, leastPt = 7): void {
  const texts = textsOf(drawing);
  for (const mark of texts) {
    const where = `${what}: "${mark.text.slice(0, 60)}"`;
    assert.ok(mark.sizePt >= leastPt, `${where} is ${mark.sizePt} pt`);
    assert.ok(mark.width <= mark.box.width + 0.05, `${where} is wider than its room`);
    const ink = inkOf(mark);
    if (ink === undefined) continue;
    assert.ok(ink.x >= 0.3 && ink.y >= 0.1, `${where} leaves the top or left edge`);
    assert.ok(ink.x + ink.width <= drawing.widthMm - 0.3, `${where} leaves the right edge`);
    assert.ok(ink.y + ink.height <= drawing.heightMm - 0.1, `${where} leaves the bottom edge`);
    assert.ok(ink.x + ink.width <= mark.box.x + mark.box.width + 0.25, `${where} inks beyond its room`);
  }
  for (const [index, mark] of texts.entries()) {
    for (const other of texts.slice(index + 1)) {
      if (overlap(mark.box, other.box) < 0.35) continue;
      const [first, second] = [inkOf(mark), inkOf(other)];
      if (first === undefined || second === undefined) continue;
      assert.ok(overlap(first, second) < 0.2, `${what}: "${mark.text}" runs into "${other.text}"`);
    }
  }
  for (const mark of drawing.marks) {
    if (mark.kind !== 'code') continue;
    const quiet = QUIET_MODULES * mark.moduleMm;
    const kept = {
      x: mark.box.x - quiet,
      y: mark.box.y - quiet,
      width: mark.box.width + 2 * quiet,
      height: mark.box.height + 2 * quiet,
    };
    assert.ok(mark.moduleMm >= LEAST_MODULE_MM - 1e-9, `${what}: modules of ${mark.moduleMm} mm`);
    for (const text of texts) {
      const ink = inkOf(text);
      assert.ok(ink === undefined || overlap(kept, ink) < 0.02, `${what}: "${text.text}" in the quiet zone`);
    }
  }
}

function squeezed(text: string): string {
  return text.replace(/[\s\u00a0]/g, '').toUpperCase();
}

function printedText(drawing: Drawing): string {
  return squeezed(
    textsOf(drawing)
      .map((mark) => mark.text)
      .join(' '),
  );
}

test('whatever the name, nothing on the card overflows, collides or gets too small', () => {
  for (const name of hostileNames) {
    for (const labels of [cardLabels('en', 'hi'), cardLabels('hi', 'en'), cardLabels('en')]) {
      const face: CardFace = { ...ashaFace, name, nameSecond: 'आशा राव', labels };
      const what = `${labels.firstLanguage} ${name.slice(0, 20)}`;
      assertSound(layCardFront(tools, face), `front ${what}`);
      assertSound(layCardBack(tools, face), `back ${what}`);
      assertSound(
        layCardBack(tools, { ...face, offlineText: 'EMERGENCY '.repeat(25) }),
        `coded back ${what}`,
      );
      assertSound(layWristband(tools, { face, birthYear: '1980' }), `wristband ${what}`);
      assertSound(layLockScreen(tools, face, LOCK_SCREEN_SIZES.generic), `lock screen ${what}`);
      for (const page of layFridgeSheet(tools, face, ashaLists)) assertSound(page, `fridge ${what}`);
    }
  }
});

test('whatever the dangers, no noun is cut: each is printed whole or counted on the "more" line', () => {
  for (const [index, dangers] of hostileDangers.entries()) {
    const face = { ...ashaFace, dangers };
    const front = layCardFront(tools, face);
    for (const drawing of [
      front,
      layWristband(tools, { face, birthYear: '1980' }),
      layLockScreen(tools, face, LOCK_SCREEN_SIZES.tall),
    ]) {
      assertSound(drawing, `dangers ${index}`);
      const printed = printedText(drawing);
      const whole = dangers.filter((entry) => printed.includes(squeezed(entry.noun)));
      const counted =
        /AND(\d+)MORE,SCAN/.exec(printed)?.[1] ?? /DANGER:(\d+)RECORDED/.exec(printed)?.[1] ?? 0;
      const blank = dangers.filter((entry) => entry.noun.startsWith('\u0000')).length;
      if (blank === 0) assert.equal(whole.length + Number(counted), dangers.length, `dangers ${index}`);
    }
    assert.ok(front.facts.length >= dangers.length, 'the facts as text always hold all of them');
    const fridge = layFridgeSheet(tools, face, ashaLists);
    for (const page of fridge) assertSound(page, `fridge dangers ${index}`);
    const all = fridge.map(printedText).join('');
    for (const entry of dangers.filter(({ noun }) => !noun.startsWith('\u0000')))
      assert.ok(all.includes(squeezed(entry.noun)), 'the fridge sheet prints every danger');
  }
});

test('danger nouns are 10 pt bold when there are four and larger when there are fewer', () => {
  const sizes = [1, 2, 3, 4].map((count) => {
    const front = layCardFront(tools, { ...ashaFace, dangers: fourDangers.slice(0, count) });
    const noun = textsOf(front).find((mark) => mark.text === 'PENICILLIN');
    assert.equal(noun?.weight, 700);
    return noun?.sizePt ?? 0;
  });
  assert.equal(sizes[3], 10);
  assert.ok((sizes[0] ?? 0) > (sizes[1] ?? 0) && (sizes[1] ?? 0) > (sizes[2] ?? 0) && (sizes[2] ?? 0) > 10);
  const reason = textsOf(layCardFront(tools, ashaFace)).find((mark) => mark.text.startsWith('Anaphylaxis'));
  assert.equal(reason?.sizePt, 7.6);
});

test('more than four dangers: three and a line that counts the rest', () => {
  const dangers = [...fourDangers, danger('Latex'), danger('Haemophilia')];
  const texts = textsOf(layCardFront(tools, { ...ashaFace, dangers })).map((mark) => mark.text);
  assert.ok(texts.includes('and 3 more, scan'));
  assert.ok(texts.includes('INSULIN') && !texts.includes('PACEMAKER'));
});

test('an absence is said in words, never left blank and never in red', () => {
  const { blood: _blood, doctor: _doctor, ...rest } = ashaFace;
  const silent: CardFace = {
    ...rest,
    contacts: [],
    dangers: [],
    dangersState: { noneRecordedAsOf: '18 Nov 2026' },
  };
  const front = printedText(layCardFront(tools, silent));
  const back = printedText(layCardBack(tools, silent));
  assert.ok(front.includes(squeezed('No dangers recorded, 18 Nov 2026')));
  assert.ok(front.includes(squeezed('Blood group not recorded')));
  assert.ok(back.includes(squeezed('No contacts recorded')) && back.includes(squeezed('Not recorded')));
  const withheld: CardFace = {
    ...silent,
    blood: 'withheld',
    contacts: 'withheld',
    doctor: 'withheld',
    dangersState: 'withheld',
  };
  const hidden = printedText(layCardFront(tools, withheld)) + printedText(layCardBack(tools, withheld));
  for (const words of [
    'Blood group withheld',
    'Contacts are not shown',
    'Dangers are not shown',
    'Withheld by Asha Rao',
  ])
    assert.ok(hidden.includes(squeezed(words)), words);
  for (const face of [silent, withheld]) {
    const fills = layCardFront(tools, face).marks.map((mark) =>
      mark.kind === 'path' ? mark.fill : undefined,
    );
    assert.ok(!fills.includes('#8A0F14'));
    assertSound(layCardFront(tools, face), 'silence');
    assertSound(layCardBack(tools, face), 'silence');
  }
});

test('blood group is printed with who says so', () => {
  const said = { ...ashaFace, blood: { text: 'A+', source: 'you said, not checked' } };
  assert.ok(printedText(layCardFront(tools, said)).includes(squeezed('Blood A+ (you said, not checked)')));
});

test('contact phones are bold and at least 9 pt; those that do not fit are counted', () => {
  for (const count of [1, 2, 3, 4, 9]) {
    const contacts = Array.from({ length: count }, (_, index) => ({
      name: `Contact ${index} with a name of some length`,
      relation: 'neighbour and friend of the family',
      phone: `+91 90000 4${String(1000 + index)}`,
    }));
    for (const offlineText of ['', 'FULL: https://medallion.example/e/token']) {
      const back = layCardBack(tools, { ...ashaFace, contacts, offlineText });
      assertSound(back, `${count} contacts`);
      const phones = textsOf(back).filter((mark) => mark.text.startsWith('+91'));
      assert.ok(phones.every((mark) => mark.weight === 700 && mark.sizePt >= 9));
      const more = Number(/AND(\d+)MORE,SCAN/.exec(printedText(back))?.[1] ?? 0);
      assert.equal(phones.length + more, count);
    }
  }
});

test('the code is version 4 to 6 for a usual address and never finer than 0.38 mm a module', () => {
  const front = layCardFront(tools, ashaFace).marks.find((mark) => mark.kind === 'code');
  assert.ok(front !== undefined && front.code.version >= 4 && front.code.version <= 6);
  assert.equal(front.payload, ashaFace.url);
  for (const length of [60, 84, 106, 122, 152, 180]) {
    const url = `https://${'x'.repeat(length - 34)}.example/e/0123456789abcdef`;
    assertSound(layCardFront(tools, { ...ashaFace, url }), `address of ${length}`);
  }
  const endless = { ...ashaFace, url: `https://${'x'.repeat(400)}.example/e/` };
  assert.throws(() => layCardFront(tools, endless), { name: 'DrawingError', code: 'code-too-long' });
  assert.throws(() => layCardBack(tools, { ...ashaFace, offlineText: 'x'.repeat(2000) }), DrawingError);
  assert.throws(() => layCardFront(tools, { ...ashaFace, url: '' }), DrawingError);
});

test('the plain-text code is on the back only when the holder chose it', () => {
  const codes = (face: CardFace): number =>
    layCardBack(tools, face).marks.filter((mark) => mark.kind === 'code').length;
  assert.equal(codes(ashaFace), 0);
  assert.equal(codes({ ...ashaFace, offlineText: 'EMERGENCY CARD - ASHA RAO' }), 1);
});

test('a photo that is no picture gives initials, not an empty frame', () => {
  const zip = Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0]);
  const front = layCardFront(tools, { ...ashaFace, photoJpeg: zip });
  assert.ok(!front.marks.some((mark) => mark.kind === 'image'));
  assert.ok(textsOf(front).some((mark) => mark.text === 'AR'));
});

test('a name whose script the typeface lacks gives way to the same name in one that it has', () => {
  const front = layCardFront(tools, { ...ashaFace, name: '王小明', nameSecond: 'Wang Xiaoming' });
  assert.equal(textsOf(front).find((mark) => mark.weight === 700)?.text, 'Wang Xiaoming');
});

test('sheets keep everything inside their edges, however long the lists', () => {
  assertSound(layCardSheet(tools, ashaFace), 'card sheet');
  assertSound(layWristbandSheet(tools, { face: ashaFace, birthYear: '1980' }), 'wristband sheet');
  const facts = Array.from({ length: 60 }, (_, index) => ({
    text: `Medicine ${index} ${'with a long name '.repeat(index % 9)}`,
    detail: 'twice a day',
    source: 'You said, 9 Aug 2026. Not checked by a doctor.',
    voice: 'self-reported' as const,
  }));
  const endless = { text: 'word '.repeat(1200), source: 'Dr Meera Iyer', voice: 'verified' as const };
  const pages = layFridgeSheet(tools, ashaFace, {
    ...ashaLists,
    medicines: { kind: 'facts', facts: [...facts, endless] },
  });
  assert.ok(pages.length > 3);
  const printed = pages.map(printedText).join('');
  for (const fact of facts) assert.ok(printed.includes(squeezed(fact.text)));
  for (const [index, page] of pages.entries()) {
    assertSound(page, `fridge page ${index + 1}`);
    assert.ok(printedText(page).includes(`PAGE${index + 1}OF${pages.length}`));
    assert.ok(printedText(page).includes('48210937665015'));
  }
});

test('a print that can be checked carries its code of at least 20 mm on every page, clear of everything else', () => {
  const proofUrl = `https://health.example.org/v/123456789/${'A'.repeat(43)}`;
  const facts = Array.from({ length: 40 }, (_, index) => ({
    text: `Medicine ${index}`,
    source: 'You said, 9 Aug 2026. Not checked by a doctor.',
    voice: 'self-reported' as const,
  }));
  const medicines = { kind: 'facts' as const, facts };
  for (const labels of [cardLabels('en', 'hi'), cardLabels('hi', 'en')]) {
    const pages = layFridgeSheet(tools, { ...ashaFace, labels }, { ...ashaLists, medicines, proofUrl });
    assert.ok(pages.length > 1);
    for (const page of pages) {
      assertSound(page, 'a print with its proof');
      const code = page.marks.find((mark) => mark.kind === 'code' && mark.payload === proofUrl);
      assert.ok(code?.kind === 'code');
      assert.ok(code.box.width + 8 * code.moduleMm >= 20 - 1e-6);
      assert.ok(code.moduleMm >= 0.38 - 1e-9);
    }
  }
});

test('the lock-screen picture keeps clear of the clock above and the buttons below', () => {
  for (const size of [
    ...Object.values(LOCK_SCREEN_SIZES),
    { width: 750, height: 1334 },
    { width: 1600, height: 2560 },
  ]) {
    const drawing = layLockScreen(tools, ashaFace, size);
    assertSound(drawing, `lock screen ${size.width}`);
    for (const mark of drawing.marks) {
      if (mark.kind === 'path') continue;
      assert.ok(
        mark.box.y >= drawing.heightMm / 3 && mark.box.y + mark.box.height <= drawing.heightMm * 0.88,
      );
    }
  }
  for (const size of [
    { width: 2400, height: 1080 },
    { width: 10, height: 20 },
    { width: NaN, height: 2400 },
    { width: 1080.5, height: 2400 },
  ])
    assert.throws(() => layLockScreen(tools, ashaFace, size), { code: 'picture-size' });
});

test('blank cards stand ten to a sheet, each with its own code, claim code and number', () => {
  const cards = Array.from({ length: 23 }, (_, index) => ({
    url: `https://medallion.example/e/blank-card-token-${index}`,
    claimCode: `K7QM-2D${index}`,
    serial: `B12-${index}`,
  }));
  const sheets = [...layBlankCards(tools, cards, cardLabels('en', 'hi'))];
  const counts = sheets.map((sheet) => sheet.marks.filter((mark) => mark.kind === 'code').length);
  assert.deepEqual(counts, [10, 10, 3]);
  for (const sheet of sheets) assertSound(sheet, 'blank cards');
  const printed = sheets.map(printedText).join('');
  for (const card of cards) assert.ok(printed.includes(card.claimCode) && printed.includes(card.serial));
  assert.throws(() => [...layBlankCards(tools, [], cardLabels('en'))], { code: 'nothing-to-draw' });
});

test('what to do is not given up for which record says so, however little room there is', () => {
  const joined = (noun: string, alone: string): CardDanger => ({
    noun,
    reason: `${alone} Joined record.`,
    shorter: [alone, alone.split('. ').at(-1) ?? ''],
  });
  const dangers = [
    joined('Penicillin', 'Can be life-threatening. Do not give.'),
    joined('Warfarin', 'Blood thinner. Bleeds easily.'),
    joined('Wishes: no CPR', 'Ask for the signed paper.'),
  ];
  const printed = (of: readonly CardDanger[]): string =>
    layCardFront(tools, { ...ashaFace, dangers: of })
      .marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []))
      .join(' ');
  assert.match(printed(dangers), /Do not give/);
  assert.match(printed(dangers), /Ask for the signed paper/);
  assert.match(printed(dangers.slice(0, 1)), /Do not give.*Joined record/);
});
