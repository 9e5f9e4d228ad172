// Images whose values are numbers of colours are drawn in those colours, as PS3.3 C.7.6.3.1.5 says, and never as if they were shades.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { makeImage, newUid } from '../harness/dicom.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { upload } from '../harness/tus.ts';

describe('images with a palette', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: 'Asha Rao' });
  });
  after(() => server.stop());

  /** Another colour for each number, so that a wrong one is seen. */
  const shades = (of: (number: number) => number): number[] =>
    Array.from({ length: 256 }, (_, at) => of(at) & 255);
  const [red, green, blue] = [shades((at) => at), shades((at) => 255 - at), shades((at) => at * 7)];
  const words = (values: readonly number[], times: number) => {
    const table = Buffer.alloc(512);
    for (const [at, value] of values.entries()) table.writeUInt16LE(value * times, at * 2);
    return table;
  };
  const drawnOf = async (palette: Parameters<typeof makeImage>[0] & object) => {
    const [study, series, sop] = [newUid(), newUid(), newUid()];
    await upload(asha, makeImage({ study, series, sop, side: 16, ...palette }));
    return asha.get(`/dicom-web/studies/${study}/series/${series}/instances/${sop}/rendered`, {
      accept: 'image/png',
    });
  };

  for (const [what, bits, tables] of [
    ['sixteen bits', 16, [words(red, 257), words(green, 257), words(blue, 257)]],
    ['eight bits in a word each', 8, [words(red, 1), words(green, 1), words(blue, 1)]],
    ['eight bits, two in a word', 8, [Buffer.from(red), Buffer.from(green), Buffer.from(blue)]],
    ['eight bits that say sixteen', 16, [words(red, 1), words(green, 1), words(blue, 1)]],
  ] as const)
    for (const first of [0, 100])
      test(`${what}, from ${first}`, async () => {
        const [r, g, b] = tables;
        const answer = await drawnOf({ palette: { first, bits, colours: [r, g, b] } });
        assert.equal(answer.status, 200, answer.text);
        const { data, info } = await sharp(answer.bytes).raw().toBuffer({ resolveWithObject: true });
        assert.equal(info.channels, 3);
        // Value n stands at place n.
        for (const value of [0, 1, 99, 100, 101, 200, 255]) {
          const number = Math.max(0, value - first);
          assert.deepEqual(
            [...data.subarray(value * 3, value * 3 + 3)],
            [red[number], green[number], blue[number]],
            `${value}`,
          );
        }
      });

  test('without a whole table it is not drawn, in no colours at all', async () => {
    const short = Buffer.alloc(100);
    const answer = await drawnOf({ palette: { first: 0, bits: 16, colours: [short, short, short] } });
    assert.equal(answer.status, 406);
  });
});
