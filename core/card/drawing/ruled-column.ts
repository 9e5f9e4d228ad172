// A ruled column: sections opened by an ink rule, each a list of lines, fitted together into one height. Used by the back of the card.
import { COLOUR } from './colours.ts';
import type { Box, DrawingTools, Mark } from './drawing.ts';
import { filledRect } from './shapes.ts';
import type { FittedText, TextStyle } from './text-fit.ts';
import { placeText, setText } from './text-fit.ts';

export interface ColumnLine {
  readonly text: string;
  readonly style: TextStyle;
  /** Space above, in millimetres. */
  readonly gap?: number;
  /** 0 is never given up; the highest goes first when the column is too full. */
  readonly spare?: number;
}

export interface ColumnSection {
  readonly lines: readonly ColumnLine[];
}

const RULE_MM = 0.4;
const RULE_GAP_MM = 1;
const SECTION_GAP_MM = 1.9;

interface SetSection {
  readonly lines: readonly { readonly fitted: FittedText; readonly gap: number }[];
}

function setSections(
  tools: DrawingTools,
  sections: readonly ColumnSection[],
  width: number,
  shrink: number,
  spare: number,
): SetSection[] {
  return sections
    .map((section) => ({
      lines: section.lines
        .filter((line) => line.text !== '' && (line.spare ?? 0) <= spare)
        .map(({ text, style, gap }) => {
          const sizePt = style.sizePt - (style.sizePt - style.minPt) * shrink;
          return { fitted: setText(tools, text, { ...style, sizePt }, width), gap: gap ?? 0 };
        }),
    }))
    .filter((section) => section.lines.length > 0);
}

function heightOf(sections: readonly SetSection[], tight: number): number {
  const lines = sections.flatMap((section) => section.lines);
  const text = lines.reduce((sum, line) => sum + line.fitted.heightMm + line.gap * tight, 0);
  return (
    text +
    sections.length * (RULE_MM + RULE_GAP_MM * tight) +
    Math.max(0, sections.length - 1) * SECTION_GAP_MM * tight
  );
}

/**
 * The sections at the largest size that fits their box; undefined when only cutting would help.
 * Room left over parts the sections by up to `mostSpreadMm` each.
 */
export function layRuledColumn(
  tools: DrawingTools,
  sections: readonly ColumnSection[],
  box: Box,
  mostSpreadMm = 0,
): Mark[] | undefined {
  const spares = sections.flatMap((section) => section.lines.map((line) => line.spare ?? 0));
  const levels = [...new Set([...spares, 0])].sort((a, b) => b - a);
  for (const spare of levels) {
    for (let step = 0; step <= 8; step += 1) {
      const tight = 1 - step / 14;
      const set = setSections(tools, sections, box.width, step / 8, spare);
      const left = box.height - heightOf(set, tight);
      if (left < 0) continue;
      const spread = Math.min(mostSpreadMm, left / Math.max(1, set.length - 1));
      let y = box.y;
      const marks: Mark[] = [];
      for (const section of set) {
        marks.push(filledRect({ x: box.x, y, width: box.width, height: RULE_MM }, COLOUR.ink));
        y += RULE_MM + RULE_GAP_MM * tight;
        for (const { fitted, gap } of section.lines) {
          y += gap * tight;
          marks.push(...placeText(fitted, { x: box.x, y, width: box.width }));
          y += fitted.heightMm;
        }
        y += SECTION_GAP_MM * tight + spread;
      }
      return marks;
    }
  }
  return undefined;
}
