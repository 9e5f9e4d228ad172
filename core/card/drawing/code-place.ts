// Places a QR symbol with its quiet zone. Holds the two limits that decide whether a printed code can be read: module size and white border.
import { COLOUR } from './colours.ts';
import type { Box, CodeLevel, DrawingTools, Mark } from './drawing.ts';
import { DrawingError } from './drawing.ts';
import { filledRect } from './shapes.ts';

export const QUIET_MODULES = 4;
/** Five dots of a 300-dpi printer are 0.42 mm, four are 0.34 mm; below 0.38 mm phones begin to fail. */
export const LEAST_MODULE_MM = 0.38;

/** The side in millimetres, quiet zone included, that a payload needs: `wanted` or more. */
export function codeSide(tools: DrawingTools, payload: string, wanted: number, level: CodeLevel): number {
  const code = tools.encodeCode(payload, level, 4);
  if (code === undefined) throw new DrawingError('code-too-long', 'The text is too long for a code.');
  return Math.max(wanted, (code.size + 2 * QUIET_MODULES) * LEAST_MODULE_MM);
}

/** White ground and symbol; `side` includes the quiet zone. Never smaller than the least module. */
export function placeCode(
  tools: DrawingTools,
  payload: string,
  at: { readonly x: number; readonly y: number; readonly side: number },
  level: CodeLevel,
): Mark[] {
  const code = tools.encodeCode(payload, level, 4);
  const modules = code === undefined ? Infinity : code.size + 2 * QUIET_MODULES;
  const moduleMm = at.side / modules;
  if (code === undefined || moduleMm < LEAST_MODULE_MM - 1e-9)
    throw new DrawingError('code-too-long', 'The text is too long for a code of this size.');
  const quiet = QUIET_MODULES * moduleMm;
  const inner = code.size * moduleMm;
  const box: Box = { x: at.x + quiet, y: at.y + quiet, width: inner, height: inner };
  return [
    filledRect({ x: at.x, y: at.y, width: at.side, height: at.side }, COLOUR.white),
    { kind: 'code', box, moduleMm, code, payload },
  ];
}
