// The look's colours reach their contrast in light and dark: computed from the tokens that the pages use.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';

const css = readFileSync(join(import.meta.dirname, '../../../web/ui/tokens.css'), 'utf8');

function coloursOf(block: string): Map<string, string> {
  return new Map(
    [...block.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [
      match[1] ?? '',
      match[2] ?? '',
    ]),
  );
}
function blockAfter(opening: string): string {
  const start = css.indexOf(opening);
  assert.notEqual(start, -1, `tokens.css has no block ${opening}`);
  return css.slice(start + opening.length, css.indexOf('}', start));
}

const light = coloursOf(blockAfter(':root {'));
const darkBySystem = coloursOf(blockAfter(":root:not([data-theme='light']) {"));
const darkByChoice = coloursOf(blockAfter(":root[data-theme='dark'] {"));

/** WCAG 2.2 relative luminance of #rrggbb. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one: string, other: string): number {
  const [bright = 0, dim = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dim + 0.05);
}

const GROUNDS = ['paper', 'surface', 'sunk'];
/** Token, least contrast on every ground. */
const ON_GROUNDS: readonly (readonly [string, number])[] = [
  ['ink', 7],
  ['ink2', 4.5],
  ['ink3', 4.5],
  ['edge', 3],
  ['action', 4.5],
  ['action-hover', 4.5],
  ['brass', 4.5],
  ['brass-mark', 3],
  ['danger', 6.8],
  ['caution', 4.5],
  ['ok', 4.5],
  ['info', 4.5],
  ['sealed', 4.5],
  ['focus', 3],
];
/** Text token, ground token, least contrast. */
const PAIRS: readonly (readonly [string, string, number])[] = [
  ['on-action', 'action', 4.5],
  ['on-action', 'action-hover', 4.5],
  ['on-danger-block', 'danger-block', 7],
  ...['action', 'brass', 'danger', 'caution', 'ok', 'info', 'sealed'].flatMap((role) => [
    [role, `${role}-tint`, 4.5] as const,
    ['ink', `${role}-tint`, 7] as const,
    ['ink2', `${role}-tint`, 4.5] as const,
  ]),
];

for (const [theme, colours] of [
  ['light', light],
  ['dark', darkBySystem],
] as const) {
  const colour = (token: string): string => {
    const value = colours.get(token);
    assert.ok(value, `${theme} has no colour for ${token}`);
    return value;
  };
  describe(`contrast in ${theme}`, () => {
    for (const [token, least] of ON_GROUNDS) {
      for (const ground of GROUNDS) {
        it(`${token} on ${ground} reaches ${least}`, () => {
          const reached = contrast(colour(token), colour(ground));
          assert.ok(reached >= least, reached.toFixed(2));
        });
      }
    }
    for (const [text, ground, least] of PAIRS) {
      it(`${text} on ${ground} reaches ${least}`, () => {
        const reached = contrast(colour(text), colour(ground));
        assert.ok(reached >= least, reached.toFixed(2));
      });
    }
  });
}

describe('tokens', () => {
  it('the dark colours are the same whether the device or the holder asks for them', () => {
    assert.deepEqual([...darkByChoice], [...darkBySystem]);
  });
  it('every light colour has a dark one', () => {
    assert.deepEqual([...darkBySystem.keys()], [...light.keys()]);
  });
  it('known pairs compute to the published ratios', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21);
    assert.equal(contrast('#0b5c63', '#f4f6f3').toFixed(2), '7.09');
    assert.equal(contrast('#74cbc8', '#090e0d').toFixed(2), '10.29');
  });
});
