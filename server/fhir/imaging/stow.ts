// STOW-RS (PS3.18, section 10.5): instances as they come from a modality or an archive, each with its own answer; all that are taken
// are stored in one transaction. Into the record of `?uhid=` or `?patient=`, else of the UHID that the first file names.
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JsonObject } from '../../../core/fhir/types.ts';
import { ApiError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import { sealEntry } from '../../storage/sealed-entry.ts';
import { dropStaged, firstBytes, stagedPath } from '../../storage/staged-files.ts';
import { uuidV7 } from '../../storage/uuid.ts';
import { contentKindOf, headBytes } from '../uploads/content-kind.ts';
import { depositorContext } from '../uploads/finish.ts';
import { uploadLimits } from '../uploads/limits.ts';
import { outcomeTold } from '../uploads/receipts.ts';
import { scanFile } from '../uploads/scan.ts';
import { recordMeant, requireBringing } from '../uploads/who-brings.ts';
import type { Arriving } from './arriving.ts';
import { readArriving } from './arriving.ts';
import { textIn } from './dicom-json.ts';
import { boundaryOf, MultipartError, receiveParts } from './multipart.ts';
import { dicomJson } from './qido.ts';
import type { Told } from './store-arriving.ts';
import { storeArriving } from './store-arriving.ts';

const mostParts = 2000;

/** PS3.18, annex I.2.2, and codes of this server above 0xB100 and 0xA100. */
const failures: Readonly<Record<string, number>> = {
  'dicom-uid-taken': 0x0111,
  'dicom-damaged': 0xc000,
  'dicom-truncated': 0xc001,
  'dicom-uid-missing': 0xa900,
  'study-of-another-address': 0xa901,
  'study-too-large': 0xa700,
  malware: 0xa100,
};
const anotherPerson = 0xb100;

interface Item {
  readonly problem?: string;
  readonly arriving?: Arriving;
}

/** POST studies and POST studies/:study */
export const stow = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const boundary = boundaryOf(request.headers['content-type']);
  const { body } = request;
  if (boundary === undefined || !(body instanceof Readable))
    throw new ApiError(
      415,
      'not-supported',
      'Instances come as multipart/related; type="application/dicom".',
    );
  const query = request.query as { uhid?: unknown; patient?: unknown };
  const textOf = (value: unknown) =>
    typeof value === 'string' && value !== '' ? value.slice(0, 64) : undefined;
  const named = { uhid: textOf(query.uhid), patient: textOf(query.patient) };
  const known = named.uhid !== undefined || named.patient !== undefined || request.actor.kind !== 'client';
  // Where the address says whose it is, nothing is read before it is decided.
  let bringing = known
    ? await requireBringing(deps, request, await recordMeant(deps, request, named))
    : undefined;
  const workId = `${uuidV7(deps.now(), deps.randomBytes)}-work`;
  const folder = stagedPath(deps.config.dataDir, workId);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const parts = await receiveParts(
      body as AsyncIterable<Uint8Array>,
      boundary,
      (n) => join(folder, String(n)),
      {
        parts: mostParts,
        bytes: uploadLimits.bytes,
      },
    ).catch((error: unknown) => {
      if (!(error instanceof MultipartError)) throw error;
      throw new ApiError(400, 'structure', 'The parts of the request cannot be told apart, or are too many.');
    });
    const { study } = request.params as { study?: string };
    const items: Item[] = [];
    for (const { path } of parts) items.push(await itemOf(deps, path, study));
    const inside = items.flatMap(({ arriving }) => textIn(arriving?.facts.header ?? {}, '00100020') ?? [])[0];
    bringing ??= await requireBringing(
      deps,
      request,
      await recordMeant(deps, request, { uhid: inside ?? '' }),
    );
    const { patientId, basis } = bringing;
    const context = depositorContext(bringing);
    const arriving = items.flatMap((item) => item.arriving ?? []);
    let entryId = '';
    const told = await storeArriving(deps, context, patientId, {
      arriving,
      more: [],
      ending: (outcomes) => async () => {
        const stored = outcomes.filter(({ outcome }) => outcome !== 'refused').length;
        const digests = arriving.map(({ source }) => `${source.sha256.toString('hex')}\n`).join('');
        const entry = sealEntry(
          patientId,
          {
            event: 'upload',
            outcome: stored > 0 ? 'done' : 'refused',
            who: context.who,
            basis,
            agent: context.agent,
            // Over the digests of what came, a line each; those of what is stored stand in the ImagingStudy.
            detail: { sha256: createHash('sha256').update(digests).digest('hex'), files: stored },
          },
          deps,
        );
        entryId = entry.entryId;
        return [entry];
      },
    });
    const next = told.values();
    const outcomes = items.map(({ problem, arriving: one }): Outcome =>
      problem === undefined && one
        ? { one, told: next.next().value as Told }
        : { told: { outcome: 'refused', reason: problem ?? 'dicom-damaged' } },
    );
    const kept = outcomes.filter((one) => one.told.outcome !== 'refused').length;
    return await reply
      .code(kept === 0 ? 409 : kept < outcomes.length ? 202 : 200)
      .type(dicomJson)
      .header('ledger-entry', entryId)
      .send(JSON.stringify(answerOf(`${deps.config.publicUrl}/dicom-web`, basis, outcomes)));
  } finally {
    await dropStaged(deps.config.dataDir, workId);
  }
};

async function itemOf(deps: Deps, path: string, study: string | undefined): Promise<Item> {
  if (contentKindOf(await firstBytes(path, headBytes)) !== 'dicom') return { problem: 'not-dicom' };
  if (deps.config.scan && (await scanFile(deps.config.scan, path)) === 'found') return { problem: 'malware' };
  const fileId = uuidV7(deps.now(), deps.randomBytes);
  const arriving = await readArriving(path, { fileId, title: 'Image' });
  if ('problem' in arriving) return arriving;
  if (study !== undefined && arriving.facts.studyUid !== study)
    return { problem: 'study-of-another-address' };
  return { arriving };
}

interface Outcome {
  one?: Arriving;
  told: Told;
}

/** Store Instances Response: what was taken, and what was not and why, each by its UIDs. */
function answerOf(root: string, basis: string, outcomes: readonly Outcome[]): JsonObject {
  const taken: JsonObject[] = [];
  const refused: JsonObject[] = [];
  for (const { one, told } of outcomes) {
    const names: JsonObject = one
      ? {
          '00081150': { vr: 'UI', Value: [one.facts.sopClass] },
          '00081155': { vr: 'UI', Value: [one.facts.sopUid] },
        }
      : {};
    if (told.outcome === 'refused')
      refused.push({
        ...names,
        '00081197': { vr: 'US', Value: [failures[told.reason ?? ''] ?? 0xc000] },
        // Error comment, in words that are stable.
        '00000902': { vr: 'LO', Value: [told.reason ?? 'refused'] },
      });
    else if (one) {
      const { studyUid, seriesUid, sopUid } = one.facts;
      const { identityDiffers, differs } = outcomeTold(basis, told) as {
        identityDiffers?: true;
        differs?: unknown;
      };
      taken.push({
        ...names,
        '00081190': {
          vr: 'UR',
          Value: [`${root}/studies/${studyUid}/series/${seriesUid}/instances/${sopUid}`],
        },
        ...(identityDiffers || differs ? { '00081196': { vr: 'US', Value: [anotherPerson] } } : {}),
      });
    }
  }
  return {
    ...(refused.length > 0 ? { '00081198': { vr: 'SQ', Value: refused } } : {}),
    ...(taken.length > 0 ? { '00081199': { vr: 'SQ', Value: taken } } : {}),
  };
}
