// WADO-RS (PS3.18, section 10.4): instances, headers, frames and pictures of them. Bytes leave as they are stored, but for grey frames
// that are asked for unpacked; what else would have to be transcoded is refused by name.
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseJson } from '../../../core/fhir/json.ts';
import type { JsonObject } from '../../../core/fhir/types.ts';
import { ApiError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import type { DicomInstance } from '../../storage/dicom-instances.ts';
import { listInstances } from '../../storage/dicom-instances.ts';
import { canUnpack, frameFormOf } from './frame-form.ts';
import type { FrameProblem } from './frames.ts';
import { frameBytes, frameTypeOf, plainBytes, plainSyntax, samplesOf, wholeInstance } from './frames.ts';
import { writeParts } from './multipart.ts';
import type { OpenStudy } from './open-study.ts';
import { noImages, openStudy } from './open-study.ts';
import { dicomJson } from './qido.ts';
import { isUid } from './read-dicom.ts';
import type { Rendering } from './render.ts';
import { isPalette, paletteOf } from './palette.ts';
import { renderFrame } from './render.ts';

const rowsAtOnce = 200;
const mostFrames = 100;

interface Address {
  series?: string;
  instance?: string;
  frames?: string;
}

/** Of the address, in order, a few at a time. */
async function* instancesOf(
  deps: Deps,
  study: OpenStudy,
  { series, instance }: Address,
): AsyncGenerator<DicomInstance> {
  for (const uid of [series, instance]) if (uid !== undefined && !isUid(uid)) return;
  const within = {
    ...study,
    ...(series === undefined ? {} : { seriesUid: series }),
    ...(instance === undefined ? {} : { sopUid: instance }),
  };
  for (let offset = 0; ; offset += rowsAtOnce) {
    const rows = await listInstances(deps.db.pool, within, { offset, limit: rowsAtOnce });
    yield* rows;
    if (rows.length < rowsAtOnce) return;
  }
}

/** The first before an answer begins: afterwards nothing can be refused any more. */
async function begun(
  all: AsyncGenerator<DicomInstance>,
): Promise<{ first: DicomInstance; all: AsyncGenerator<DicomInstance> }> {
  const { value, done } = await all.next();
  if (done === true) throw noImages();
  const first = value;
  const again = async function* () {
    yield first;
    yield* all;
  };
  return { first, all: again() };
}

async function oneInstance(deps: Deps, request: FastifyRequest): Promise<DicomInstance> {
  const study = await openStudy(deps, request);
  const { value } = await instancesOf(deps, study, request.params as Address).next();
  if (!value) throw noImages();
  return value as DicomInstance;
}

const accepts = (request: FastifyRequest): string => (request.headers.accept ?? '*/*').toLowerCase();

function notAcceptable(offered: string): ApiError {
  return new ApiError(406, 'not-acceptable', `This is offered as ${offered}.`);
}

/** Throws 406 where another transfer syntax is asked for than the one that is stored. */
function requireSyntax(accept: string, { pixels }: DicomInstance): void {
  const asked = [...accept.matchAll(/transfer-syntax="?([0-9.*]+)"?/g)].map(([, one]) => one);
  const stored = pixels?.transferSyntax;
  if (asked.length === 0 || asked.includes('*') || stored === undefined || asked.includes(stored)) return;
  throw notAcceptable(`transfer syntax ${stored}, as it is stored`);
}

function sendParts(reply: FastifyReply, type: string, parts: Parameters<typeof writeParts>[1]): FastifyReply {
  const boundary = `part-${randomUUID()}`;
  return reply
    .type(`multipart/related; type="${type}"; boundary=${boundary}`)
    .header('content-security-policy', "default-src 'none'; sandbox")
    .send(Readable.from(writeParts(boundary, parts), { objectMode: false }));
}

/** GET studies/:study, …/series/:series and …/instances/:instance */
export const retrieve = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const accept = accepts(request);
  const { instance } = request.params as Address;
  const single = instance !== undefined && /(^|,)\s*application\/dicom\b/.test(accept);
  if (!single && !/multipart\/related|\*\/\*/.test(accept))
    throw notAcceptable('multipart/related; type="application/dicom"');
  const study = await openStudy(deps, request);
  const { first: one, all } = await begun(instancesOf(deps, study, request.params as Address));
  requireSyntax(accept, one);
  if (single) {
    return reply
      .type('application/dicom')
      .header('content-disposition', `attachment; filename="${one.sopUid}.dcm"`)
      .header('content-security-policy', "default-src 'none'; sandbox")
      .send(Readable.from(wholeInstance(deps, one), { objectMode: false }));
  }
  return sendParts(
    reply,
    'application/dicom',
    (async function* () {
      for await (const each of all) {
        const syntax = each.pixels ? `; transfer-syntax=${each.pixels.transferSyntax}` : '';
        yield { headers: { 'Content-Type': `application/dicom${syntax}` }, bytes: wholeInstance(deps, each) };
      }
    })(),
  );
};

/** GET …/metadata of a study, a series or an instance */
export const metadata = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  if (!/application\/(dicom\+)?json|\*\/\*/.test(accepts(request))) throw notAcceptable(dicomJson);
  const study = await openStudy(deps, request);
  const { all } = await begun(instancesOf(deps, study, request.params as Address));
  const lines = async function* () {
    let before = '[';
    for await (const { header } of all) {
      yield `${before}${header}`;
      before = ',';
    }
    yield ']';
  };
  return reply.type(dicomJson).send(Readable.from(lines(), { objectMode: false }));
};

/** `3` or `1,2,3`. Throws 400. */
function framesAsked({ frames = '1' }: Address): number[] {
  if (!/^[1-9]\d{0,5}(,[1-9]\d{0,5})*$/.test(frames))
    throw new ApiError(400, 'invalid', 'Frames are numbers from 1, with commas.');
  const numbers = frames.split(',').map(Number);
  if (numbers.length > mostFrames)
    throw new ApiError(400, 'invalid', `At most ${mostFrames} frames at a time.`);
  return numbers;
}

function cannot(problem: FrameProblem, { pixels }: DicomInstance): ApiError {
  const syntax = pixels?.transferSyntax ?? '';
  const said: Record<FrameProblem, [number, string]> = {
    'no-pixels': [406, 'There is no picture in this: it holds a waveform, a report or other data.'],
    'no-such-frame': [404, 'There is no such frame.'],
    'frame-too-large': [406, 'This picture is larger than the server draws. Fetch the file itself.'],
    'image-damaged': [406, 'The pixels of this file are damaged or cut short.'],
    'transfer-syntax-not-offered': [
      406,
      `The server does not draw this way of storing pixels (${syntax}). Fetch the file itself.`,
    ],
  };
  const [status, title] = said[problem];
  return new ApiError(status, problem, title);
}

/** GET …/instances/:instance/frames/:frames, as they are stored, or unpacked where that is asked for */
export const frames = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const accept = accepts(request);
  const numbers = framesAsked(request.params as Address);
  const one = await oneInstance(deps, request);
  const { pixels } = one;
  if (!pixels) throw cannot('no-pixels', one);
  const form = frameFormOf(accept, pixels);
  if (form === undefined) {
    const own = `${frameTypeOf(pixels)}; transfer-syntax=${pixels.transferSyntax}`;
    const plain = `application/octet-stream; transfer-syntax=${plainSyntax}`;
    throw notAcceptable(canUnpack(pixels) ? `${own} and ${plain}` : own);
  }
  const unpacks = form === 'plain';
  const bytesOf = (number: number) => (unpacks ? plainBytes : frameBytes)(deps, one, number);
  const [first] = numbers;
  const opening = await bytesOf(first ?? 1);
  if (typeof opening === 'string') throw cannot(opening, one);
  if (numbers.some((number) => number > pixels.frames)) throw cannot('no-such-frame', one);
  const type = unpacks ? 'application/octet-stream' : frameTypeOf(pixels);
  const syntax = unpacks ? plainSyntax : pixels.transferSyntax;
  return sendParts(
    reply,
    type,
    (async function* () {
      for (const [at, number] of numbers.entries()) {
        const bytes = at === 0 ? opening : await bytesOf(number);
        // Too late to refuse: the answer breaks off, and whoever reads it sees that.
        if (typeof bytes === 'string') throw cannot(bytes, one);
        yield { headers: { 'Content-Type': `${type}; transfer-syntax=${syntax}` }, bytes };
      }
    })(),
  );
};

/** Throws 400 and 406. */
function renderingAsked(request: FastifyRequest, thumbnail: boolean): Rendering {
  const accept = accepts(request);
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  const wrong = (field: string) =>
    new ApiError(400, 'invalid', 'This way of drawing is not offered.', {
      fields: [{ field: field.slice(0, 40), code: 'not-supported' }],
    });
  for (const name of query.keys())
    if (!['window', 'viewport', 'quality', 'accept'].includes(name)) throw wrong(name);
  const wanted = query.get('accept') ?? accept;
  const jpeg = /image\/(jpeg|\*)|\*\/\*/.test(wanted);
  if (!jpeg && !wanted.includes('image/png')) throw notAcceptable('image/jpeg or image/png');
  const [, center, width] =
    /^(-?\d{1,7}(?:\.\d{1,4})?),(\d{1,7}(?:\.\d{1,4})?)(?:,linear)?$/.exec(query.get('window') ?? '') ?? [];
  if (query.has('window') && (width === undefined || Number(width) <= 0)) throw wrong('window');
  const [, across, down] = /^(\d{1,4}),(\d{1,4})$/.exec(query.get('viewport') ?? '') ?? [];
  if (query.has('viewport') && !(Number(across) > 0 && Number(down) > 0)) throw wrong('viewport');
  const quality = query.get('quality') ?? '85';
  if (!/^([1-9]\d?|100)$/.test(quality)) throw wrong('quality');
  const most = across === undefined ? undefined : { width: Number(across), height: Number(down) };
  return {
    format: jpeg && !/^image\/png\b/.test(wanted) ? 'jpeg' : 'png',
    quality: Number(quality),
    ...(width === undefined ? {} : { window: { center: Number(center), width: Number(width) } }),
    ...(most ? { most } : thumbnail ? { most: { width: 128, height: 128 } } : {}),
  };
}

/** GET …/rendered and …/thumbnail, of an instance or of one of its frames */
export const rendered =
  (deps: Deps, { thumbnail }: { thumbnail: boolean }) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const rendering = renderingAsked(request, thumbnail);
    const [number = 1, ...more] = framesAsked(request.params as Address);
    if (more.length > 0) throw new ApiError(400, 'invalid', 'One frame at a time is drawn.');
    const one = await oneInstance(deps, request);
    const samples = await samplesOf(deps, one, number);
    if (typeof samples === 'string' || !one.pixels)
      throw cannot(typeof samples === 'string' ? samples : 'no-pixels', one);
    const palette = isPalette(one.pixels)
      ? paletteOf(parseJson(one.header) as JsonObject, one.pixels)
      : undefined;
    if (isPalette(one.pixels) && !palette) throw cannot('transfer-syntax-not-offered', one);
    const picture = await renderFrame(samples, one.pixels, { ...rendering, ...(palette ? { palette } : {}) });
    return reply.type(`image/${rendering.format}`).send(picture);
  };
