// The A4 sheet for the refrigerator door: a large code, who, every danger, whom to call, conditions and medicines with their sources.
import { formatUhid } from '../uhid.ts';
import type { CardContact, CardFace, FridgeLists, SheetFact, SheetList } from './card-face.ts';
import { layPortrait, printedNames } from './card-front.ts';
import { A4 } from './card-sheet.ts';
import { codeSide, placeCode } from './code-place.ts';
import { COLOUR } from './colours.ts';
import type { Drawing, DrawingTools, Mark } from './drawing.ts';
import { MM_PER_PT } from './drawing.ts';
import { medallion, sourceMark } from './emblems.ts';
import { backFacts, bloodLine, contactLine, contactsSilence, frontFacts } from './facts-as-text.ts';
import {
  BOTTOM_MM,
  LEFT_MM,
  PROOF_MM,
  TOP_MM,
  WIDTH_MM,
  dangerStrips,
  fixed,
  headingStrips,
  joined,
  lineStrips,
  marginRule,
  plainStrip,
} from './sheet-parts.ts';
import type { Strip } from './page-flow.ts';
import { flowPages } from './page-flow.ts';
import { fillIn, printable } from './printable-text.ts';
import { filledRect, straightLine } from './shapes.ts';
import type { TextStyle } from './text-fit.ts';
import { fitOrSmallest, fitText, highestInkMm, placeText, setText } from './text-fit.ts';

const CODE_MM = 46;

function whoStrip(tools: DrawingTools, face: CardFace): Strip {
  const names = printedNames(tools, face);
  const side = codeSide(tools, face.url, CODE_MM, 'M');
  const textX = LEFT_MM + 29;
  const width = WIDTH_MM - 29 - side - 3;
  const rows: readonly (readonly [string, TextStyle, number])[] = [
    [names.main, { weight: 700, sizePt: 24, minPt: 9, colour: COLOUR.ink }, 24],
    [names.second, { weight: 500, sizePt: 14, minPt: 8, colour: COLOUR.ink }, 12],
    [printable(face.birthLine), { weight: 400, sizePt: 12, minPt: 8, colour: COLOUR.ink }, 10],
    [printable(face.languagesLine ?? ''), { weight: 400, sizePt: 12, minPt: 8, colour: COLOUR.ink }, 10],
    [bloodLine(face), { weight: 400, sizePt: 12, minPt: 8, colour: COLOUR.ink }, 10],
    [formatUhid(face.uhid), { weight: 600, sizePt: 15, minPt: 10, colour: COLOUR.ink }, 7],
  ];
  const fitted = rows
    .filter(([words]) => words !== '')
    .map(([words, style, height]) => fitOrSmallest(tools, words, style, { width, height }));
  const textHeight = fitted.reduce((sum, row) => sum + row.heightMm, 0);
  const caption = fitOrSmallest(
    tools,
    face.labels.scanForMore.first,
    { ...fixed(600, 11), minPt: 8 },
    {
      width: side,
      height: 5,
      maxLines: 1,
    },
  );
  const captionRise = caption.ascentMm - highestInkMm(caption);
  return {
    heightMm: Math.max(textHeight, side - 2.4 + caption.heightMm, 33) + 2,
    draw: (top) => {
      const codeX = LEFT_MM + WIDTH_MM - side;
      const marks = [
        ...layPortrait(tools, face, { x: LEFT_MM, y: top + 2, width: 24, height: 30 }),
        ...placeCode(tools, face.url, { x: codeX, y: top - 2, side }, 'M'),
        ...placeText(caption, {
          x: codeX,
          y: top - 1.8 + side - captionRise,
          width: side,
          align: 'centre' as const,
        }),
      ];
      let y = top;
      for (const row of fitted) {
        marks.push(...placeText(row, { x: textX, y, width }));
        y += row.heightMm;
      }
      return marks;
    },
  };
}

function contactStrips(tools: DrawingTools, face: CardFace): Strip[] {
  const heading = headingStrips(tools, joined(face.labels.callFirst));
  const silence = contactsSilence(face);
  if (silence !== undefined || face.contacts === 'withheld')
    return [...heading, ...plainStrip(tools, silence ?? '', fixed(400, 12))];
  const width = (WIDTH_MM - 6) / 2;
  const cells = face.contacts.map((contact: CardContact) => ({
    who: setText(tools, contactLine(contact), fixed(400, 12), width),
    phone: setText(tools, printable(contact.phone), fixed(700, 21), width),
  }));
  const rows = Array.from({ length: Math.ceil(cells.length / 2) }, (_, index) =>
    cells.slice(index * 2, index * 2 + 2),
  );
  return [
    ...heading,
    ...rows.map((row): Strip => ({
      heightMm: Math.max(...row.map((cell) => cell.who.heightMm + cell.phone.heightMm)) + 2,
      draw: (y) =>
        row.flatMap((cell, column) => {
          const x = LEFT_MM + column * (width + 6);
          return [
            ...placeText(cell.who, { x, y, width }),
            ...placeText(cell.phone, { x, y: y + cell.who.heightMm, width }),
          ];
        }),
    })),
  ];
}

function doctorStrips(tools: DrawingTools, face: CardFace): Strip[] {
  const { doctor, labels } = face;
  const heading = headingStrips(tools, joined(labels.doctor));
  if (doctor === undefined)
    return [...heading, ...plainStrip(tools, labels.doctorNotRecorded.first, fixed(400, 12))];
  if (doctor === 'withheld')
    return [
      ...heading,
      ...plainStrip(tools, fillIn(labels.withheld.first, { name: printable(face.name) }), fixed(400, 12)),
    ];
  const line = [doctor.name, doctor.place ?? '']
    .map(printable)
    .filter((part) => part !== '')
    .join(', ');
  const phone = setText(tools, printable(doctor.phone ?? ''), fixed(700, 15), WIDTH_MM);
  const name = setText(tools, line, fixed(400, 12), WIDTH_MM);
  const phoneMm = phone.lines[0]?.widthMm ?? 0;
  const nameMm = name.lines[0]?.widthMm ?? 0;
  if (name.lines.length > 1 || phone.lines.length !== 1 || nameMm + phoneMm + 6 > WIDTH_MM)
    return [
      ...heading,
      ...lineStrips(name, LEFT_MM, WIDTH_MM, () => []),
      ...lineStrips(phone, LEFT_MM, WIDTH_MM, () => []),
    ];
  const beside = (y: number): Mark[] =>
    placeText(phone, {
      x: LEFT_MM + nameMm + 6,
      y: y + name.ascentMm - phone.ascentMm,
      width: phoneMm,
    });
  return [...heading, ...lineStrips(name, LEFT_MM, WIDTH_MM, beside)];
}

function factStrips(tools: DrawingTools, fact: SheetFact): Strip[] {
  const x = LEFT_MM + 5.5;
  const width = WIDTH_MM - 5.5;
  const rule = (y: number, height: number): Mark[] => [marginRule(fact.voice, y, height)];
  const value = setText(tools, printable(fact.text), fixed(600, 12.5), width);
  const detail = setText(tools, printable(fact.detail ?? ''), fixed(400, 11.5), width);
  const source = setText(tools, printable(fact.source), fixed(400, 10, COLOUR.ink2), width - 5);
  const markColour = fact.voice === 'self-reported' ? COLOUR.ink2 : COLOUR.peacock;
  const glyphMm = 3;
  const sourceStrips = lineStrips(source, x + 5, width - 5, rule).map((strip, index): Strip => {
    if (index > 0) return strip;
    const middle = source.ascentMm - 0.349 * source.sizePt * MM_PER_PT;
    return {
      ...strip,
      draw: (y) => [
        ...strip.draw(y),
        ...sourceMark(fact.voice, x, y + middle - glyphMm / 2, glyphMm, markColour, COLOUR.white),
      ],
    };
  });
  const rows = [...lineStrips(value, x, width, rule), ...lineStrips(detail, x, width, rule), ...sourceStrips];
  return [
    ...rows.map((strip, index) => ({ ...strip, keepWithNext: index < rows.length - 1 })),
    {
      heightMm: 2.8,
      isSpace: true,
      draw: (y) => [straightLine([x, y + 1.2], [LEFT_MM + WIDTH_MM, y + 1.2], COLOUR.line, 0.2)],
    },
  ];
}

function listStrips(tools: DrawingTools, title: string, list: SheetList, face: CardFace): Strip[] {
  const heading = headingStrips(tools, title);
  switch (list.kind) {
    case 'facts':
      return [...heading, ...list.facts.flatMap((fact) => factStrips(tools, fact))];
    case 'none-known':
      return [
        ...heading,
        ...plainStrip(tools, printable(list.text), fixed(700, 12.5)),
        ...plainStrip(tools, printable(list.source), fixed(400, 10, COLOUR.ink2)),
      ];
    case 'not-recorded':
      return [...heading, ...plainStrip(tools, face.labels.notRecorded.first, fixed(400, 12, COLOUR.ink2))];
    case 'withheld': {
      const words = fillIn(face.labels.withheld.first, { name: printable(face.name) });
      return [...heading, ...plainStrip(tools, words, fixed(400, 12, COLOUR.ink2))];
    }
  }
}

/** Title, or on later pages the name, above the rule; name, number, page and date below. */
function layMargins(
  tools: DrawingTools,
  face: CardFace,
  lists: FridgeLists,
  page: number,
  pages: number,
): Mark[] {
  const { labels } = face;
  const name = printedNames(tools, face).main;
  const footY = footTop(lists);
  const proof = lists.proofUrl === undefined ? [] : layProof(tools, face, lists.proofUrl, footY);
  const aside = lists.proofUrl === undefined ? 0 : codeSide(tools, lists.proofUrl, PROOF_MM, 'M') + 2;
  const foot: TextStyle = { weight: 400, sizePt: 9.5, minPt: 7, colour: COLOUR.ink2 };
  const footRoom = { width: 92 - aside / 2, height: 9, maxLines: 2 };
  const number = formatUhid(face.uhid);
  // A name that does not fit is left to the number: half a name at the foot would be a wrong name.
  const who =
    fitText(tools, `${name}, ${number}`, foot, footRoom) ?? fitOrSmallest(tools, number, foot, footRoom);
  const pageWords = fillIn(labels.page.first, { page, pages });
  const when = fillIn(labels.printed.first, { date: printable(lists.printedAt) });
  const rightWidth = 78 - aside / 2;
  const right = fitOrSmallest(tools, `${when}, ${pageWords}`, foot, { width: rightWidth, height: 9 });
  const titleWords =
    page === 1 ? joined(labels.fridgeTitle) : `${labels.fridgeTitle.first}, ${labels.continued.first}`;
  const title = setText(tools, titleWords, fixed(600, page === 1 ? 17 : 12), WIDTH_MM - 12);
  const titleY = page === 1 ? TOP_MM : TOP_MM - 4;
  const size = page === 1 ? 8 : 5.6;
  return [
    filledRect({ x: 0, y: 0, width: A4.width, height: A4.height }, COLOUR.white),
    ...medallion(LEFT_MM, titleY - 0.4, size, COLOUR.peacock),
    ...placeText(title, { x: LEFT_MM + size + 2, y: titleY, width: WIDTH_MM - size - 2 }),
    filledRect({ x: LEFT_MM, y: titleY + (page === 1 ? 10 : 7), width: WIDTH_MM, height: 0.6 }, COLOUR.ink),
    filledRect({ x: LEFT_MM, y: footY, width: WIDTH_MM, height: 0.2 }, COLOUR.ink),
    ...placeText(who, { x: LEFT_MM, y: footY + 1.6, width: footRoom.width }),
    ...placeText(right, {
      x: LEFT_MM + WIDTH_MM - aside - rightWidth,
      y: footY + 1.6,
      width: rightWidth,
      align: 'right',
    }),
    ...proof,
  ];
}

function footTop({ proofUrl }: FridgeLists): number {
  return A4.height - (proofUrl === undefined ? 18 : 30);
}

/** The code at the right of the foot, and under the number what it is for. */
function layProof(tools: DrawingTools, face: CardFace, url: string, footY: number): Mark[] {
  const side = codeSide(tools, url, PROOF_MM, 'M');
  const width = WIDTH_MM - side - 4;
  const words = fitOrSmallest(
    tools,
    face.labels.checkPrint.first,
    { ...fixed(400, 9.5, COLOUR.ink2), minPt: 7 },
    {
      width,
      height: 9,
      maxLines: 2,
    },
  );
  return [
    ...placeCode(tools, url, { x: LEFT_MM + WIDTH_MM - side, y: footY + 1, side }, 'M'),
    ...placeText(words, { x: LEFT_MM, y: footY + 12, width }),
  ];
}

/** As many A4 pages as the facts need: nothing is left out and nothing is cut. */
export function layFridgeSheet(tools: DrawingTools, face: CardFace, lists: FridgeLists): Drawing[] {
  const { labels } = face;
  const strips: Strip[] = [
    whoStrip(tools, face),
    ...dangerStrips(tools, face),
    ...contactStrips(tools, face),
    ...doctorStrips(tools, face),
    ...listStrips(tools, joined(labels.conditions), lists.conditions, face),
    ...listStrips(tools, joined(labels.medicines), lists.medicines, face),
  ];
  const bottom = Math.min(BOTTOM_MM, footTop(lists) - 3);
  const pages = flowPages(strips, { firstTop: TOP_MM + 15, top: TOP_MM + 8, bottom });
  return pages.map((marks, index) => ({
    widthMm: A4.width,
    heightMm: A4.height,
    language: labels.firstLanguage,
    title: `${labels.fridgeTitle.first}: ${printable(face.name)}`,
    facts: index === 0 ? [...frontFacts(face), ...backFacts(face)] : [],
    marks: [...layMargins(tools, face, lists, index + 1, pages.length), ...marks],
  }));
}
