// Moves the marks of one drawing to a place on a larger sheet. Sizes never change: a card on a sheet is printed at 100 %.
import type { Box, Mark, Segment } from './drawing.ts';

function movedBox(box: Box, dx: number, dy: number): Box {
  return { ...box, x: box.x + dx, y: box.y + dy };
}

function movedSegment(segment: Segment, dx: number, dy: number): Segment {
  switch (segment[0]) {
    case 'Z':
      return segment;
    case 'C': {
      const [operator, x1, y1, x2, y2, x, y] = segment;
      return [operator, x1 + dx, y1 + dy, x2 + dx, y2 + dy, x + dx, y + dy];
    }
    case 'M':
    case 'L':
      return [segment[0], segment[1] + dx, segment[2] + dy];
  }
}

export function movedMarks(marks: readonly Mark[], dx: number, dy: number): Mark[] {
  return marks.map((mark) => {
    switch (mark.kind) {
      case 'path':
        return { ...mark, segments: mark.segments.map((segment) => movedSegment(segment, dx, dy)) };
      case 'text':
        return { ...mark, x: mark.x + dx, baseline: mark.baseline + dy, box: movedBox(mark.box, dx, dy) };
      case 'image':
      case 'code':
        return { ...mark, box: movedBox(mark.box, dx, dy) };
    }
  });
}
