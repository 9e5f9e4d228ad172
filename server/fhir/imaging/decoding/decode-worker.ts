// A thread that unpacks frames: whatever a stream does to its decoder, the server goes on, and ends the thread if it must.
import { parentPort } from 'node:worker_threads';
import type { DecodeAnswer, DecodeJob } from './decoders.ts';
import { decodeLosslessJpeg } from './jpeg-lossless.ts';
import { decodeRle } from './rle.ts';
import { decodeJpeg2000, decodeJpegLs } from './wasm-codecs.ts';

async function decoded({ coding, bytes, shape }: DecodeJob): Promise<DecodeAnswer> {
  switch (coding) {
    case 'rle':
      return { data: decodeRle(bytes, shape) };
    case 'jpeg-lossless':
      return { data: decodeLosslessJpeg(bytes, shape) };
    case 'jpeg-ls':
      return { data: await decodeJpegLs(bytes, shape) };
    case 'jpeg-2000': {
      const { data, bits, signed } = await decodeJpeg2000(bytes, shape);
      return { data, form: { bits, signed } };
    }
  }
}

parentPort?.on('message', (job: DecodeJob) => {
  decoded(job).then(
    (answer) => parentPort?.postMessage(answer, answer.data ? [answer.data.buffer] : []),
    () => parentPort?.postMessage({} satisfies DecodeAnswer, []),
  );
});
