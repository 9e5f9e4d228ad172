// Plain shapes as display-list marks. Every curve is a cubic, so that each renderer needs only move, line, curve and close.
import type { Colour } from './colours.ts';
import type { Box, PathMark, Segment } from './drawing.ts';

const CURVE = 0.5522847498;

export type Corners = readonly [topLeft: number, topRight: number, bottomRight: number, bottomLeft: number];

export function roundedSegments(box: Box, corners: Corners): Segment[] {
  const { x, y } = box;
  const right = x + box.width;
  const bottom = y + box.height;
  const [tl, tr, br, bl] = corners;
  const k = 1 - CURVE;
  return [
    ['M', x + tl, y],
    ['L', right - tr, y],
    ['C', right - tr * k, y, right, y + tr * k, right, y + tr],
    ['L', right, bottom - br],
    ['C', right, bottom - br * k, right - br * k, bottom, right - br, bottom],
    ['L', x + bl, bottom],
    ['C', x + bl * k, bottom, x, bottom - bl * k, x, bottom - bl],
    ['L', x, y + tl],
    ['C', x, y + tl * k, x + tl * k, y, x + tl, y],
    ['Z'],
  ];
}

export function rectSegments({ x, y, width, height }: Box): Segment[] {
  return [['M', x, y], ['L', x + width, y], ['L', x + width, y + height], ['L', x, y + height], ['Z']];
}

export function circleSegments(x: number, y: number, radius: number): Segment[] {
  return roundedSegments({ x: x - radius, y: y - radius, width: radius * 2, height: radius * 2 }, [
    radius,
    radius,
    radius,
    radius,
  ]);
}

export function filledRect(box: Box, fill: Colour): PathMark {
  return { kind: 'path', segments: rectSegments(box), fill };
}

export function filledRounded(box: Box, corners: Corners, fill: Colour): PathMark {
  return { kind: 'path', segments: roundedSegments(box, corners), fill };
}

export function strokedRounded(box: Box, radius: number, stroke: Colour, strokeWidth: number): PathMark {
  return {
    kind: 'path',
    segments: roundedSegments(box, [radius, radius, radius, radius]),
    stroke,
    strokeWidth,
  };
}

export function straightLine(
  from: readonly [number, number],
  to: readonly [number, number],
  stroke: Colour,
  strokeWidth: number,
  dash?: readonly [number, number],
): PathMark {
  const segments: Segment[] = [
    ['M', ...from],
    ['L', ...to],
  ];
  return { kind: 'path', segments, stroke, strokeWidth, ...(dash ? { dash } : {}) };
}

/** Rounds the corners of what lies under a box by covering them with the colour around it. */
export function cornerMask(box: Box, radius: number, surrounding: Colour): PathMark {
  const segments = [...rectSegments(box), ...roundedSegments(box, [radius, radius, radius, radius])];
  return { kind: 'path', segments, fill: surrounding, evenOdd: true };
}

/** The four pairs of hairlines that say where to cut; they stand `gapMm` off the corner. */
export function cropMarks(box: Box, colour: Colour, lengthMm = 3, gapMm = 1.5): PathMark[] {
  const marks: PathMark[] = [];
  for (const x of [box.x, box.x + box.width]) {
    marks.push(straightLine([x, box.y - gapMm - lengthMm], [x, box.y - gapMm], colour, 0.15));
    const below = box.y + box.height + gapMm;
    marks.push(straightLine([x, below], [x, below + lengthMm], colour, 0.15));
  }
  for (const y of [box.y, box.y + box.height]) {
    marks.push(straightLine([box.x - gapMm - lengthMm, y], [box.x - gapMm, y], colour, 0.15));
    const beyond = box.x + box.width + gapMm;
    marks.push(straightLine([beyond, y], [beyond + lengthMm, y], colour, 0.15));
  }
  return marks;
}
