// GET /api/record.pdf: the owner prints the whole record on A4. Every code on it leads to a proof. It is a look, and its own entry is in the
// log before the page leaves, because the pages carry its place too.
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decide } from '../../core/access/decide.ts';
import { defaultCardSettings } from '../../core/card/card-settings.ts';
import type { RecordSheet, RecordSheetLine } from '../../core/card/drawing/record-sheet.ts';
import { groupTitles, recordSheetWords } from '../../core/card/drawing/record-sheet-words.ts';
import type { CardLanguage } from '../../core/card/drawing/labels.ts';
import { fillIn } from '../../core/card/drawing/printable-text.ts';
import { emergencySummaries } from '../../core/card/emergency-summary.ts';
import { sourceWords } from '../../core/card/summary-words.ts';
import { sayAll, sayDate } from '../../core/card/words/say.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { JsonObject } from '../../core/fhir/types.ts';
import { leafHash } from '../../core/ledger/tree.ts';
import type { FactSource } from '../../core/record/facts.ts';
import { readFacts } from '../../core/record/read-facts.ts';
import { recordLines } from '../../core/summary/record-lines.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson, whoOfPerson } from '../http/require-person.ts';
import { findPerson } from '../storage/people.ts';
import type { PrintedResource } from '../storage/record-print.ts';
import { listPrintedResources } from '../storage/record-print.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { CardRoom } from './card-room.ts';
import { dateAndTime, dayOf } from './clock-words.ts';
import { renderRecordSheetPdf } from './drawing/render.ts';
import { faceOf } from './face.ts';
import { placeOfPrint } from './print-place.ts';

/** A print is for reading: some hundred pages. What is larger leaves as a file (GET /api/export). */
const mostEntries = 2_000;
/** Drawing one takes a second or more of this process. */
const mostAtOnce = 2;

/** `?language=en|hi`. Throws 422 `too-large-to-print`, 429, 503. */
export function printRecord(room: CardRoom) {
  let running = 0;
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const actor = requirePerson(request);
    const { patientId } = actor;
    // On paper everything stands, also what is sealed to a guardian.
    if (patientNamed(request, actor) !== patientId)
      throw new ApiError(403, 'owner-only', 'Only its owner prints a whole record.');
    if (running >= mostAtOnce)
      throw new ApiError(503, 'throttled', 'Others print just now. Try again in a moment.', {
        headers: { 'retry-after': '5' },
      });
    if (!room.prints.take(patientId))
      throw new ApiError(429, 'throttled', 'Too many pages were drawn. Wait ten minutes.', {
        headers: { 'retry-after': '600' },
      });
    const decision = decide({ kind: 'person', patientId }, 'read', { patientId, resourceType: 'Patient' });
    if (!decision.allowed) throw new ApiError(403, 'forbidden', 'You may not print this record.');
    const language = (request.query as { language?: string }).language === 'hi' ? 'hi' : 'en';
    running += 1;
    try {
      const { pool } = room.deps.db;
      const stored = await listPrintedResources(pool, patientId, mostEntries + 1);
      if (stored.length > mostEntries)
        throw new ApiError(
          422,
          'too-large-to-print',
          `More than ${mostEntries} entries do not go on paper. Take the record away as a file instead.`,
        );
      const entry = sealEntry(
        patientId,
        {
          event: 'record-print',
          outcome: 'done',
          who: whoOfPerson(actor),
          basis: decision.rule,
          purpose: 'PATRQT',
          on: { type: 'Patient', id: patientId },
          shown: shownOf(stored),
          agent: agentFamily(request.headers['user-agent']),
          detail: { language },
        },
        room.deps,
      );
      await room.deps.entries.store(entry);
      const uhid = (await findPerson(pool, patientId))?.uhid ?? '';
      const place = await placeOfPrint(pool, entry.entryId);
      const sheet = sheetOf(room, { stored, uhid, language, place });
      const drawn = await renderRecordSheetPdf(sheet);
      return await reply
        .type('application/pdf')
        .header('ledger-entry', entry.entryId)
        .header('content-disposition', 'inline; filename="medallion-record.pdf"')
        .send(Buffer.from(drawn));
    } finally {
      running -= 1;
    }
  };
}

interface Printed {
  readonly stored: readonly PrintedResource[];
  readonly uhid: string;
  readonly language: CardLanguage;
  readonly place: string | undefined;
}

function sheetOf(room: CardRoom, { stored, uhid, language, place }: Printed): RecordSheet {
  const { publicUrl } = room.deps.config;
  const nowMs = room.deps.now();
  const today = dayOf(nowMs);
  const resources = stored.map(({ content }) => parseJson(content) as JsonObject);
  const { second } = emergencySummaries(readFacts(resources, today), defaultCardSettings, today);
  const face = faceOf(
    second,
    { uhid, url: publicUrl, number: 0, issuedAt: new Date(nowMs), plainTextCode: false },
    language,
    nowMs,
  );
  const byKey = new Map(stored.map((one) => [`${one.resourceType}/${one.resourceId}`, one]));
  const words = recordSheetWords;
  const lines = recordLines(resources).map(({ group, lines: own }) => ({
    title: groupTitles[group][language],
    lines: own.map((line): RecordSheetLine => {
      const row = byKey.get(`${line.type}/${line.id}`);
      const inLog = row !== undefined && row.leafIndex !== null && row.leaf !== null;
      return {
        text: line.date === undefined ? line.text : `${line.text}, ${sayDate(language, line.date)}`,
        source: sayAll(language, sourceWords(line.source)),
        voice: voiceOf(line.source),
        place: inLog
          ? fillIn(words.place[language], { index: row.leafIndex ?? 0, version: row.version })
          : fillIn(words.waiting[language], { version: line.version }),
        ...(inLog
          ? {
              proofUrl: `${publicUrl}/v/${row.leafIndex}/${Buffer.from(leafHash(row.leaf ?? new Uint8Array())).toString('base64url')}`,
            }
          : {}),
      };
    }),
  }));
  const { labels } = face;
  const printedAt = dateAndTime(language, new Date(nowMs));
  return {
    face,
    groups: lines,
    printedAt,
    ...(place === undefined ? {} : { proofUrl: `${publicUrl}${place}` }),
    words: {
      title: { first: words.title[language] },
      continued: labels.continued,
      printed: labels.printed,
      page: labels.page,
      summary: fillIn(words.summary[language], { count: stored.length, date: printedAt }),
      codes: fillIn(words.codes[language], { host: new URL(publicUrl).host }),
      empty: words.empty[language],
    },
  };
}

function voiceOf({ verified, kind }: FactSource): RecordSheetLine['voice'] {
  if (!verified) return 'self-reported';
  return kind === 'organization' ? 'lab' : 'verified';
}

function shownOf(stored: readonly PrintedResource[]): { count: number; digest: string } {
  const hash = createHash('sha256');
  for (const { resourceType, resourceId, version } of stored)
    hash.update(`${resourceType}/${resourceId}/_history/${version}\n`);
  return { count: stored.length, digest: hash.digest('base64') };
}
