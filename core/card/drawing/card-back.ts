// The back of the card: whom to call, the doctor, what to do with a found card, and on the holder's wish a plain-text code.
import { formatUhid } from '../uhid.ts';
import type { CardContact, CardFace } from './card-face.ts';
import type { CardEdge } from './card-front.ts';
import { CARD_HEIGHT_MM, CARD_WIDTH_MM, cardGround, cardOutline } from './card-front.ts';
import { codeSide, placeCode } from './code-place.ts';
import { COLOUR } from './colours.ts';
import type { Box, CodeLevel, Drawing, DrawingTools, Mark, Weight } from './drawing.ts';
import { DrawingError } from './drawing.ts';
import { backFacts, contactLine, contactsSilence } from './facts-as-text.ts';
import { fillIn, printable } from './printable-text.ts';
import type { ColumnLine, ColumnSection } from './ruled-column.ts';
import { layRuledColumn } from './ruled-column.ts';
import type { TextStyle } from './text-fit.ts';
import { fitOrSmallest, placeText, SMALLEST_PT } from './text-fit.ts';

const MARGIN_MM = 3.3;
const LARGEST_CODE_MM = 43;

function style(weight: Weight, sizePt: number, minPt = SMALLEST_PT, second = false): TextStyle {
  return { weight, sizePt, minPt, colour: second ? COLOUR.ink2 : COLOUR.ink };
}

function heading(phrase: { first: string; second?: string }, sizePt: number): ColumnLine {
  const words = [phrase.first, phrase.second].filter((word) => word !== undefined).join('\u2002');
  return { text: words, style: style(600, sizePt) };
}

/** Contacts as name and relation over a bold number; those beyond `shown` are counted. */
function contactSection(face: CardFace, shown: number, roomy: boolean): ColumnSection {
  const { labels, contacts } = face;
  const title = heading(labels.callFirst, roomy ? 8.4 : 7.8);
  const silence = contactsSilence(face);
  if (silence !== undefined || contacts === 'withheld')
    return { lines: [title, { text: silence ?? '', style: style(400, roomy ? 8.4 : 7.6), gap: 0.4 }] };
  const nameStyle = style(400, roomy ? 9 : 7.4);
  const phoneStyle = style(700, roomy ? 13.4 : 9.2, 9);
  const lines = contacts.slice(0, shown).flatMap((contact: CardContact, index): ColumnLine[] => [
    { text: contactLine(contact), style: nameStyle, gap: index === 0 ? 0.5 : roomy ? 1.8 : 1 },
    { text: printable(contact.phone), style: phoneStyle },
  ]);
  const rest = contacts.length - shown;
  const more: ColumnLine[] =
    rest > 0
      ? [{ text: fillIn(labels.moreContactsScan.first, { n: rest }), style: style(600, 7.4), gap: 0.6 }]
      : [];
  return { lines: [title, ...lines, ...more] };
}

function doctorSection(face: CardFace, roomy: boolean): ColumnSection {
  const { doctor, labels } = face;
  const title = heading(labels.doctor, roomy ? 8.4 : 7.8);
  const text = style(400, roomy ? 7.8 : 7.4);
  if (doctor === undefined) return { lines: [title, { text: labels.doctorNotRecorded.first, style: text }] };
  if (doctor === 'withheld')
    return {
      lines: [title, { text: fillIn(labels.withheld.first, { name: printable(face.name) }), style: text }],
    };
  return {
    lines: [
      title,
      { text: printable(doctor.name), style: text, gap: 0.3 },
      { text: printable(doctor.place ?? ''), style: text, spare: 2 },
      { text: printable(doctor.phone ?? ''), style: style(700, roomy ? 9.4 : 9, 9) },
    ],
  };
}

/** The host that the code opens, so that a reader can tell a false code from a true one. */
export function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(url)?.[1] ?? url;
}

function foundSection(face: CardFace, roomy: boolean): ColumnSection {
  const { labels } = face;
  const text = style(400, roomy ? 7.6 : 7.2);
  const quiet = style(400, 7.2, SMALLEST_PT, true);
  const issued = fillIn(labels.cardIssued.first, {
    card: face.cardNumber,
    date: printable(face.issued).replaceAll(' ', '\u00a0'),
  });
  return {
    lines: [
      heading({ first: labels.ifFound.first }, roomy ? 8.4 : 7.8),
      { text: labels.ifFoundText.first, style: text, gap: 0.3 },
      {
        text: fillIn(labels.codeOpens.first, { host: printable(hostOf(face.url)) }),
        style: quiet,
        gap: 0.5,
        spare: 3,
      },
      { text: issued, style: quiet, gap: 0.2, spare: 1 },
    ],
  };
}

/** Tries contact counts from all (at most four) down until the column fits. */
function layFewerContacts(
  tools: DrawingTools,
  face: CardFace,
  box: Box,
  sections: (contacts: ColumnSection) => readonly ColumnSection[],
  roomy: boolean,
): Mark[] {
  const count = face.contacts === 'withheld' ? 1 : Math.max(1, Math.min(4, face.contacts.length));
  for (let shown = count; shown >= 0; shown -= 1) {
    const marks = layRuledColumn(tools, sections(contactSection(face, shown, roomy)), box, 12);
    if (marks !== undefined) return marks;
  }
  return [];
}

function layOpenBack(tools: DrawingTools, face: CardFace): Mark[] {
  const top = 4.2;
  const height = CARD_HEIGHT_MM - top - 3.4;
  const left: Box = { x: MARGIN_MM + 0.9, y: top, width: 40.4, height };
  const right: Box = { x: 48.6, y: top, width: CARD_WIDTH_MM - 48.6 - MARGIN_MM - 0.9, height };
  const nameStyle = style(600, 7.8);
  const who: ColumnSection = {
    lines: [
      { text: printable(face.name), style: nameStyle, spare: 4 },
      { text: formatUhid(face.uhid), style: style(400, 7.6), spare: 4 },
    ],
  };
  const rightMarks =
    layRuledColumn(tools, [doctorSection(face, true), foundSection(face, true)], right, 5) ??
    layRuledColumn(tools, [foundSection(face, false)], right) ??
    [];
  return [...layFewerContacts(tools, face, left, (contacts) => [contacts, who], true), ...rightMarks];
}

function layCodedBack(tools: DrawingTools, face: CardFace, offlineText: string): Mark[] {
  const level = levelFor(tools, offlineText);
  const side = Math.min(LARGEST_CODE_MM, codeSide(tools, offlineText, 40, level));
  const codeX = MARGIN_MM - 1.4;
  const codeY = 1.6;
  const textX = codeX + side + 2;
  const caption = `${face.labels.worksOffline.first} ${fillIn(face.labels.worksOfflineText.first, {
    date: printable(face.issued).replaceAll(' ', '\u00a0'),
  })}`;
  const captionY = codeY + side + 0.1;
  const captionRoom = { width: side - 2, height: CARD_HEIGHT_MM - captionY - 1.4 };
  const fitted = fitOrSmallest(tools, caption, style(500, 7.4), captionRoom);
  const column: Box = {
    x: textX,
    y: 3.2,
    width: CARD_WIDTH_MM - textX - MARGIN_MM,
    height: CARD_HEIGHT_MM - 3.2 - 2.4,
  };
  return [
    ...placeCode(tools, offlineText, { x: codeX, y: codeY, side }, level),
    ...(fitted.heightMm <= captionRoom.height + 0.5
      ? placeText(fitted, { x: codeX + 1, y: captionY, width: side - 2, align: 'centre' })
      : []),
    ...layFewerContacts(
      tools,
      face,
      column,
      (contacts) => [contacts, doctorSection(face, false), foundSection(face, false)],
      false,
    ),
  ];
}

/** Level M while it fits the back, else L; a text that fits neither is refused. */
function levelFor(tools: DrawingTools, text: string): CodeLevel {
  for (const level of ['M', 'L'] as const) {
    if (tools.encodeCode(text, level, 4) === undefined) continue;
    if (codeSide(tools, text, 40, level) <= LARGEST_CODE_MM) return level;
  }
  throw new DrawingError('code-too-long', 'The offline text is too long for the back of the card.');
}

/** The back in ID-1 size. Throws `DrawingError` `code-too-long` for an offline text of more than about 1000 bytes. */
export function layCardBack(tools: DrawingTools, face: CardFace, edge: CardEdge = 'rounded'): Drawing {
  const body =
    face.offlineText === undefined || face.offlineText === ''
      ? layOpenBack(tools, face)
      : layCodedBack(tools, face, face.offlineText);
  return {
    widthMm: CARD_WIDTH_MM,
    heightMm: CARD_HEIGHT_MM,
    marks: [cardGround(edge), ...body, ...(edge === 'rounded' ? [cardOutline()] : [])],
    language: face.labels.firstLanguage,
    title: `${face.labels.emergencyCard.first}: ${printable(face.name)}`,
    facts: backFacts(face),
  };
}
