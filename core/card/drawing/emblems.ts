// The medallion, the danger octagon and the marks of who says so, drawn as paths that survive black-and-white print.
import type { Colour } from './colours.ts';
import type { PathMark, Segment } from './drawing.ts';
import { circleSegments, rectSegments } from './shapes.ts';

/** The medallion in a square of `size` whose top left is x, y. */
export function medallion(x: number, y: number, size: number, colour: Colour): PathMark[] {
  const unit = size / 24;
  const centreX = x + 12 * unit;
  const centreY = y + 14.6 * unit;
  const stroke = (segments: readonly Segment[]): PathMark => ({
    kind: 'path',
    segments,
    stroke: colour,
    strokeWidth: 2 * unit,
  });
  return [
    stroke(rectSegments({ x: x + 8.6 * unit, y: y + 1.2 * unit, width: 6.8 * unit, height: 4.6 * unit })),
    stroke(circleSegments(centreX, centreY, 8.2 * unit)),
    stroke(circleSegments(centreX, centreY, 4.2 * unit)),
    { kind: 'path', segments: circleSegments(centreX, centreY, 1.5 * unit), fill: colour },
  ];
}

/** The danger octagon with its exclamation mark, in a square of `size`. */
export function dangerOctagon(x: number, y: number, size: number, colour: Colour): PathMark[] {
  const stroke = size * 0.095;
  const outer = size / 2 - stroke / 2;
  const centreX = x + size / 2;
  const centreY = y + size / 2;
  const segments: Segment[] = [];
  for (let corner = 0; corner < 8; corner += 1) {
    const angle = (Math.PI / 4) * (corner + 0.5);
    const point = [centreX + outer * Math.cos(angle), centreY + outer * Math.sin(angle)] as const;
    segments.push([corner === 0 ? 'M' : 'L', ...point]);
  }
  segments.push(['Z']);
  return [
    { kind: 'path', segments, stroke: colour, strokeWidth: stroke },
    {
      kind: 'path',
      segments: [
        ['M', centreX, y + size * 0.27],
        ['L', centreX, y + size * 0.55],
      ],
      stroke: colour,
      strokeWidth: stroke * 1.15,
    },
    { kind: 'path', segments: circleSegments(centreX, y + size * 0.69, stroke * 0.7), fill: colour },
  ];
}

/** The mark in front of a source line: ticked square, flask or speech outline, in a square of `size`. */
export function sourceMark(
  voice: 'verified' | 'lab' | 'self-reported',
  x: number,
  y: number,
  size: number,
  colour: Colour,
  paper: Colour,
): PathMark[] {
  const at = (fx: number, fy: number): readonly [number, number] => [x + fx * size, y + fy * size];
  const outline = (segments: readonly Segment[], stroke: Colour = colour): PathMark => ({
    kind: 'path',
    segments,
    stroke,
    strokeWidth: size * 0.11,
    round: true,
  });
  switch (voice) {
    case 'verified':
      return [
        { kind: 'path', segments: rectSegments({ x, y, width: size, height: size }), fill: colour },
        outline(
          [
            ['M', ...at(0.22, 0.52)],
            ['L', ...at(0.42, 0.72)],
            ['L', ...at(0.78, 0.3)],
          ],
          paper,
        ),
      ];
    case 'lab':
      return [
        outline([
          ['M', ...at(0.36, 0.06)],
          ['L', ...at(0.36, 0.4)],
          ['L', ...at(0.1, 0.92)],
          ['L', ...at(0.9, 0.92)],
          ['L', ...at(0.64, 0.4)],
          ['L', ...at(0.64, 0.06)],
        ]),
        outline([
          ['M', ...at(0.26, 0.06)],
          ['L', ...at(0.74, 0.06)],
        ]),
        outline([
          ['M', ...at(0.24, 0.66)],
          ['L', ...at(0.76, 0.66)],
        ]),
      ];
    case 'self-reported':
      return [
        outline([
          ['M', ...at(0.06, 0.12)],
          ['L', ...at(0.94, 0.12)],
          ['L', ...at(0.94, 0.72)],
          ['L', ...at(0.46, 0.72)],
          ['L', ...at(0.24, 0.94)],
          ['L', ...at(0.24, 0.72)],
          ['L', ...at(0.06, 0.72)],
          ['Z'],
        ]),
      ];
  }
}
