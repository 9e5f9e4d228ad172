// GET /api/record.pdf: the record on A4, whole for its owner, and for whoever else may look what they may see. Every code on it leads to a
// proof. It is a look, and its own entry is in the log before the page leaves, because the pages carry its place too.
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { categoryOf, isSealed } from '../../core/access/categories.ts';
import type { Rule } from '../../core/access/decide.ts';
import { decide } from '../../core/access/decide.ts';
import { follows } from '../../core/access/joined-entries.ts';
import { defaultCardSettings } from '../../core/card/card-settings.ts';
import type { RecordSheet, RecordSheetLine } from '../../core/card/drawing/record-sheet.ts';
import { groupTitles, recordSheetWords } from '../../core/card/drawing/record-sheet-words.ts';
import type { CardLanguage } from '../../core/card/drawing/labels.ts';
import { fillIn } from '../../core/card/drawing/printable-text.ts';
import { emergencySummaries } from '../../core/card/emergency-summary.ts';
import type { JoinedRecord } from '../../core/card/joined-facts.ts';
import { sourceWords } from '../../core/card/summary-words.ts';
import { sayAll, sayDate } from '../../core/card/words/say.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import { leafHash } from '../../core/ledger/tree.ts';
import type { FactSource } from '../../core/record/facts.ts';
import { readFacts } from '../../core/record/read-facts.ts';
import { recordLines } from '../../core/summary/record-lines.ts';
import { ApiError } from '../errors.ts';
import type { PersonActor } from '../http/actor.ts';
import type { Held } from '../http/acting-for.ts';
import { patientNamed, requireActing } from '../http/acting-for.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import { heldNow } from '../storage/authorities.ts';
import { findPerson } from '../storage/people.ts';
import { listJoined } from '../storage/merges.ts';
import type { PrintedResource } from '../storage/record-print.ts';
import { listPrintedResources } from '../storage/record-print.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { CardRoom } from './card-room.ts';
import { dateAndTime, dayOf } from './clock-words.ts';
import { renderRecordSheetPdf } from './drawing/render.ts';
import { faceOf } from './face.ts';
import { wordsPage } from './page/emergency-page.ts';
import type { PageBody } from './page/page-body.ts';
import { pageBody, sendPage } from './page/page-body.ts';
import { placeOfPrint } from './print-place.ts';

/** A print is for reading: some hundred pages. What is larger leaves as a file (GET /api/export). */
const mostEntries = 2_000;
/** Drawing one takes a second or more of this process. */
const mostAtOnce = 2;

/** `?language=en|hi&patient=`. Throws 404 as if there were no such record, 422 `too-large-to-print`, 429, 503. */
export function printRecord(room: CardRoom) {
  let running = 0;
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const actor = requirePerson(request);
    const patientId = patientNamed(request, actor);
    const held = heldNow(room.deps);
    const { decision, who } = await requireActing(actor, 'read', patientId, held, 'Patient');
    if (running >= mostAtOnce)
      throw new ApiError(503, 'throttled', 'Others print just now. Try again in a moment.', {
        headers: { 'retry-after': '5' },
      });
    if (!room.prints.take(actor.patientId))
      throw new ApiError(429, 'throttled', 'Too many pages were drawn. Wait ten minutes.', {
        headers: { 'retry-after': '600' },
      });
    const language = (request.query as { language?: string }).language === 'hi' ? 'hi' : 'en';
    running += 1;
    try {
      const { pool } = room.deps.db;
      const all = await listPrintedResources(pool, patientId, mostEntries + 1);
      if (all.length > mostEntries && request.headers.accept?.includes('text/html'))
        return await sendPage(request, reply, 422, tooLarge(language));
      if (all.length > mostEntries)
        throw new ApiError(
          422,
          'too-large-to-print',
          `More than ${mostEntries} entries do not go on paper. Take the record away as a file instead.`,
        );
      const own = patientId === actor.patientId;
      const stored = own ? all : await whatTheyMaySee(actor, patientId, all, held);
      const joined = await readJoined(room, actor, patientId, held);
      const entryOf = (of: string, shown: readonly PrintedResource[]) =>
        sealEntry(
          of,
          {
            event: 'record-print',
            outcome: 'done',
            who: own || decision.rule === 'guardian' ? who : { ...who, role: 'professional' },
            basis: decision.rule,
            purpose: purposeOf(decision.rule),
            on: { type: 'Patient', id: patientId },
            shown: shownOf(shown),
            agent: agentFamily(request.headers['user-agent']),
            detail: { language, ...(decision.authority ? { authority: decision.authority.id } : {}) },
          },
          room.deps,
        );
      const entry = entryOf(patientId, stored);
      const looks = joined.filter(({ seen }) => seen.length > 0);
      await Promise.all([
        room.deps.entries.store(entry),
        ...looks.map(({ of, seen }) => room.deps.entries.store(entryOf(of, seen))),
      ]);
      const uhid = (await findPerson(pool, patientId))?.uhid ?? '';
      const place = await placeOfPrint(pool, entry.entryId);
      const sheet = sheetOf(room, {
        stored,
        joined,
        uhid,
        language,
        place,
        by: own ? undefined : actor.name,
      });
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
  readonly joined: readonly JoinedRecord[];
  readonly uhid: string;
  readonly language: CardLanguage;
  readonly place: string | undefined;
  /** Who printed what they may see, when it is not the owner. */
  readonly by: string | undefined;
}

/** As a search would: each entry by what the asker was given, at this moment. */
async function whatTheyMaySee(
  actor: PersonActor,
  patientId: string,
  all: readonly PrintedResource[],
  held: Held,
): Promise<PrintedResource[]> {
  const authorities = await held(actor.accountId, [patientId]);
  const asker = { kind: 'person', patientId: actor.patientId, authorities } as const;
  return all.filter(({ resourceType, resourceId, content }) => {
    const resource = parseJson(content) as Resource;
    const subject = {
      patientId,
      resourceType,
      resourceId,
      category: categoryOf(resource),
      sealed: isSealed(resource),
      resource,
    };
    return decide(asker, 'read', subject).allowed;
  });
}

interface JoinedPrint extends JoinedRecord {
  readonly of: string;
  readonly seen: readonly PrintedResource[];
}

/** What follows of records that were joined, for the first page: nothing that is sealed, and to others as far as they were let in. */
async function readJoined(
  room: CardRoom,
  actor: PersonActor,
  patientId: string,
  held: Held,
): Promise<JoinedPrint[]> {
  const { pool } = room.deps.db;
  const found: JoinedPrint[] = [];
  for (const { mergedId, joinedAt } of await listJoined(pool, [patientId])) {
    const all = await listPrintedResources(pool, mergedId, mostEntries);
    const own = patientId === actor.patientId;
    const following = all.filter(({ resourceType, content }) => {
      const resource = parseJson(content) as Resource;
      // Whom to call stands in the Patient, which only the owner of both reads.
      const named = own && (resourceType === 'Patient' || resourceType === 'RelatedPerson');
      return (named || follows(resourceType, resource)) && !isSealed(resource);
    });
    const seen = own ? following : await whatTheyMaySee(actor, mergedId, following, held);
    const today = dayOf(room.deps.now());
    found.push({
      of: mergedId,
      seen,
      on: dayOf(joinedAt.getTime()),
      facts: readFacts(
        seen.map(({ content }) => parseJson(content)),
        today,
      ),
      settings: defaultCardSettings,
    });
  }
  return found;
}

function purposeOf(rule: Rule): string {
  if (rule === 'self') return 'PATRQT';
  if (rule === 'guardian') return 'FAMRQT';
  return rule === 'break-glass' ? 'BTG' : 'TREAT';
}

/** For whoever followed a link: words in place of a print. */
function tooLarge(language: CardLanguage): PageBody {
  const { tooLargeTitle, tooLarge: text } = recordSheetWords;
  return pageBody(wordsPage(language, { title: tooLargeTitle[language], text: text[language] }));
}

function sheetOf(room: CardRoom, { stored, joined, uhid, language, place, by }: Printed): RecordSheet {
  const { publicUrl } = room.deps.config;
  const nowMs = room.deps.now();
  const today = dayOf(nowMs);
  const resources = stored.map(({ content }) => parseJson(content) as JsonObject);
  const { second } = emergencySummaries(readFacts(resources, today), defaultCardSettings, today, joined);
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
      summary: [
        fillIn(words.summary[language], { count: stored.length, date: printedAt }),
        ...(by === undefined ? [] : [fillIn(words.partly[language], { name: by })]),
      ].join('. '),
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
