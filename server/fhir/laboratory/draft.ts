// What a laboratory entered and has not signed: kept as it was sent, so that numbers keep their digits, and computed anew each time.
import type { FastifyRequest, FastifyReply } from 'fastify';
import type { LaboratoryReport, OwnRange } from '../../../core/clinical/laboratory-report.ts';
import {
  isLaboratoryForm,
  laboratoryReport,
  measuredPerson,
} from '../../../core/clinical/laboratory-report.ts';
import { DecimalLiteral, canonicalJson, isJsonObject, numberOf, parseJson } from '../../../core/fhir/json.ts';
import type { JsonObject, JsonValue, Resource } from '../../../core/fhir/types.ts';
import { fieldsOf } from '../../../core/forms/form.ts';
import { ApiError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import type { LabOrder } from '../../storage/lab-orders.ts';
import { findLabOrder, saveDraft } from '../../storage/lab-orders.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { uuidV7 } from '../../storage/uuid.ts';
import { readJson } from '../body.ts';
import { shippedForms } from '../shipped-forms.ts';
import type { AtOrder } from './laboratory-room.ts';
import {
  isCancelled,
  orderCancelled,
  orderOver,
  requireNotCancelled,
  requireOrder,
} from './laboratory-room.ts';

export const draftByteLimit = 256 * 1024;
const longestWords = 5_000;
const longestMethod = 200;

export interface Draft extends JsonObject {
  /** Id of a form; absent for a report in words. */
  form?: string;
  /** A QuestionnaireResponse. */
  response?: JsonObject;
  /** Ranges and methods of the laboratory's own, by field: `{ low?, high?, method? }`. */
  ranges?: JsonObject;
  conclusion?: string;
}

export function draftOf(work: LabOrder | undefined): Draft | undefined {
  return work?.draft == null ? undefined : (parseJson(work.draft) as Draft);
}

const wrong = (field: string, code = 'wrong-kind') =>
  new ApiError(422, 'form-wrong', 'Some answers cannot be right. Nothing was saved.', {
    fields: [{ field, code }],
  });

/** Throws 422 `form-wrong` with the fields. */
export async function preview(
  deps: Deps,
  { place, standing, order, patient, work }: AtOrder,
  draft: Draft,
  nowMs = deps.now(),
): Promise<LaboratoryReport> {
  const { form: formId, response, conclusion } = draft;
  const form = formId === undefined ? undefined : (await shippedForms()).get(formId);
  if (formId !== undefined && (form === undefined || !isLaboratoryForm(form))) throw wrong('form', 'unknown');
  if (form === undefined && (conclusion === undefined || conclusion === ''))
    throw wrong('conclusion', 'missing');
  const takenAt = (work?.takenAt ?? work?.enteredAt ?? new Date(nowMs)).toISOString();
  const made = laboratoryReport({
    ...(form === undefined ? {} : { panel: { form, response: (response ?? {}) as Resource } }),
    ranges: form === undefined ? {} : rangesOf(draft, new Set(fieldsOf(form).map(({ id }) => id))),
    ...(conclusion === undefined || conclusion === '' ? {} : { conclusion }),
    kind: place.role,
    patientId: standing.patientId,
    person: measuredPerson(patient, takenAt),
    order,
    ...(work?.specimenId == null ? {} : { specimenId: work.specimenId }),
    laboratory: { id: place.organizationId, name: place.organizationName ?? 'Laboratory' },
    takenAt,
    issuedAt: new Date(nowMs).toISOString(),
    ids: work?.resourceIds ?? {},
    newId: () => uuidV7(nowMs, deps.randomBytes),
  });
  if ('problems' in made)
    throw new ApiError(422, 'form-wrong', 'Some answers cannot be right. Nothing was saved.', {
      fields: made.problems.slice(0, 100).map(({ linkId, code }) => ({ field: linkId, code })),
    });
  return made;
}

function rangesOf({ ranges }: Draft, fields: ReadonlySet<string>): Record<string, OwnRange> {
  const out: Record<string, OwnRange> = {};
  for (const [field, range] of Object.entries(ranges ?? {})) {
    if (!fields.has(field) || !isJsonObject(range)) throw wrong(`ranges.${field}`, 'unknown');
    const bound = (value: JsonValue | undefined): OwnRange['low'] => {
      if (value === undefined) return undefined;
      if (typeof value === 'number' || value instanceof DecimalLiteral) return value;
      throw wrong(`ranges.${field}`);
    };
    const [low, high] = [bound(range['low']), bound(range['high'])];
    if (low !== undefined && high !== undefined && numberOf(low) > numberOf(high))
      throw wrong(`ranges.${field}`, 'out-of-range');
    const { method, low: _low, high: _high, ...rest } = range;
    if (Object.keys(rest).length > 0) throw wrong(`ranges.${field}`, 'unknown');
    if (method !== undefined && (typeof method !== 'string' || method.length > longestMethod))
      throw wrong(`ranges.${field}`, 'too-long');
    out[field] = {
      ...(low === undefined ? {} : { low }),
      ...(high === undefined ? {} : { high }),
      ...(method === undefined || method.trim() === '' ? {} : { method: method.trim() }),
    };
  }
  return out;
}

/** `PUT /api/laboratory/orders/:id/results {form?, response?, ranges?, conclusion?}`: shows what it would say; nothing is in the record. */
export const putResults = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const at = await requireOrder(deps, request);
  const { actor, place, standing, order, work } = at;
  if (work === undefined || work.state === 'declined') throw orderOver();
  if (isCancelled(order)) throw orderCancelled();
  const draft = readDraft(readJson(request));
  const nowMs = deps.now();
  const made = await preview(deps, at, draft, nowMs);
  await inTransaction(deps.db.pool, async (client) => {
    const now = await findLabOrder(client, standing.patientId, order.id, true);
    if (now?.organizationId !== place.organizationId || now.edition !== work.edition) throw orderOver();
    await requireNotCancelled(client, standing.patientId, order.id);
    await saveDraft(client, now, { draft: canonicalJson(draft), accountId: actor.accountId, nowMs });
  });
  return reply
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(canonicalJson({ critical: made.critical, preview: [...made.resources] }));
};

function readDraft(body: JsonValue): Draft {
  if (!isJsonObject(body)) throw wrong('body');
  const { form, response, ranges, conclusion, ...rest } = body;
  if (Object.keys(rest).length > 0) throw wrong(Object.keys(rest)[0]?.slice(0, 40) ?? '', 'unknown');
  if (form !== undefined && typeof form !== 'string') throw wrong('form');
  if (response !== undefined && !isJsonObject(response)) throw wrong('response');
  if (ranges !== undefined && !isJsonObject(ranges)) throw wrong('ranges');
  if (conclusion !== undefined && (typeof conclusion !== 'string' || conclusion.length > longestWords))
    throw wrong('conclusion', 'too-long');
  return {
    ...(form === undefined ? {} : { form }),
    ...(response === undefined ? {} : { response }),
    ...(ranges === undefined ? {} : { ranges }),
    ...(conclusion === undefined ? {} : { conclusion: conclusion.trim() }),
  };
}
