// GET /api/orders.pdf: tests that were ordered, on paper for a counter, each with its number as a code. For its owner and whoever else may
// see these orders. It is a look: its entry is in the log before the page leaves, and the page carries its place.
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authority } from '../../core/access/authority.ts';
import { categoryOf, isSealed } from '../../core/access/categories.ts';
import type { Decision } from '../../core/access/decide.ts';
import { decide } from '../../core/access/decide.ts';
import { defaultCardSettings } from '../../core/card/card-settings.ts';
import type { CardLanguage } from '../../core/card/drawing/labels.ts';
import type { OrderSheet, OrderSheetLine } from '../../core/card/drawing/order-sheet.ts';
import { orderSheetWords as words } from '../../core/card/drawing/order-sheet-words.ts';
import { fillIn } from '../../core/card/drawing/printable-text.ts';
import { emergencySummaries } from '../../core/card/emergency-summary.ts';
import { sayDate } from '../../core/card/words/say.ts';
import { parseJson } from '../../core/fhir/json.ts';
import { parseReference } from '../../core/fhir/references.ts';
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import { codedText, dateAt, objectAt, objectsAt, textAt } from '../../core/record/elements.ts';
import { codeOfOrder, shownOrderCode } from '../../core/record/order-code.ts';
import { readFacts } from '../../core/record/read-facts.ts';
import { ApiError } from '../errors.ts';
import type { PersonActor } from '../http/actor.ts';
import { patientNamed, whoFor } from '../http/acting-for.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import { heldNow } from '../storage/authorities.ts';
import { listOrganizations } from '../storage/organizations.ts';
import { findPerson } from '../storage/people.ts';
import { findPersonsOrder } from '../storage/persons-orders.ts';
import { findResources } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { CardRoom } from './card-room.ts';
import { dateAndTime, dayOf } from './clock-words.ts';
import { renderOrderSheetPdf } from './drawing/render.ts';
import { faceOf } from './face.ts';
import { placeOfPrint } from './print-place.ts';

/** As many as one visit orders. */
const mostOrders = 12;
/** Drawing one takes a part of a second of this process. */
const mostAtOnce = 4;

interface Seen {
  readonly id: string;
  readonly version: number;
  readonly order: Resource;
  readonly decision: Decision;
}

/**
 * `?of=id,id&language=en|hi&patient=`: at most 12 orders, in this order. Throws 404 as if there were none where one of them may not be
 * seen, 422 `too-many-orders`, 429, 503.
 */
export function printOrders(room: CardRoom) {
  let running = 0;
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const actor = requirePerson(request);
    const patientId = patientNamed(request, actor);
    const { of = '', language: asked } = request.query as { of?: unknown; language?: string };
    const ids = [...new Set(typeof of === 'string' ? of.split(',').filter((id) => id !== '') : [])];
    if (ids.length > mostOrders)
      throw new ApiError(422, 'too-many-orders', `At most ${mostOrders} orders go on one paper.`);
    if (running >= mostAtOnce)
      throw new ApiError(503, 'throttled', 'Others print just now. Try again in a moment.', {
        headers: { 'retry-after': '5' },
      });
    if (!room.prints.take(actor.patientId))
      throw new ApiError(429, 'throttled', 'Too many pages were drawn. Wait ten minutes.', {
        headers: { 'retry-after': '600' },
      });
    const language = asked === 'hi' ? 'hi' : 'en';
    running += 1;
    try {
      const { pool } = room.deps.db;
      const authorities =
        patientId === actor.patientId ? [] : await heldNow(room.deps)(actor.accountId, [patientId]);
      const seen = await whatTheyMaySee(room, actor, patientId, authorities, ids);
      const [first] = seen;
      if (first === undefined || seen.length < ids.length)
        throw new ApiError(404, 'not-found', 'There is no such order, or you may not see it.');
      const { decision } = first;
      const own = decision.rule === 'self' || decision.rule === 'guardian';
      const entry = sealEntry(
        patientId,
        {
          event: 'order-print',
          outcome: 'done',
          who: own ? whoFor(actor, patientId) : { ...whoFor(actor, patientId), role: 'professional' },
          basis: decision.rule,
          purpose:
            decision.rule === 'self'
              ? 'PATRQT'
              : decision.rule === 'guardian'
                ? 'FAMRQT'
                : decision.rule === 'break-glass'
                  ? 'BTG'
                  : 'TREAT',
          ...(seen.length === 1
            ? { on: { type: 'ServiceRequest', id: first.id, version: first.version } }
            : {}),
          shown: shownOf(seen),
          agent: agentFamily(request.headers['user-agent']),
          detail: { language, ...(decision.authority ? { authority: decision.authority.id } : {}) },
        },
        room.deps,
      );
      await room.deps.entries.store(entry);
      const place = await placeOfPrint(pool, entry.entryId);
      const sheet = await sheetOf(room, { actor, patientId, authorities, seen, language, place });
      const drawn = await renderOrderSheetPdf(sheet);
      return await reply
        .type('application/pdf')
        .header('cache-control', 'no-store')
        .header('ledger-entry', entry.entryId)
        .header('content-disposition', 'inline; filename="medallion-tests.pdf"')
        .send(Buffer.from(drawn));
    } finally {
      running -= 1;
    }
  };
}

/** Those of these that there are and that may be read, each by a decision of its own. */
async function whatTheyMaySee(
  { deps }: CardRoom,
  actor: PersonActor,
  patientId: string,
  authorities: readonly Authority[],
  ids: readonly string[],
): Promise<Seen[]> {
  const asker = { kind: 'person', patientId: actor.patientId, authorities } as const;
  const found: Seen[] = [];
  for (const id of ids) {
    const row = /^[A-Za-z0-9\-.]{1,64}$/.test(id)
      ? await findPersonsOrder(deps.db.pool, patientId, id)
      : undefined;
    if (row === undefined) continue;
    const order = parseJson(row.content) as Resource;
    const decision = decide(asker, 'read', {
      patientId,
      resourceType: 'ServiceRequest',
      resourceId: id,
      category: categoryOf(order),
      sealed: isSealed(order),
    });
    if (decision.allowed) found.push({ id, version: row.version, order, decision });
  }
  return found;
}

function shownOf(seen: readonly Seen[]): { count: number; digest: string } {
  const hash = createHash('sha256');
  for (const { id, version } of seen) hash.update(`ServiceRequest/${id}/_history/${version}\n`);
  return { count: seen.length, digest: hash.digest('base64') };
}

interface Printed {
  readonly actor: PersonActor;
  readonly patientId: string;
  readonly authorities: readonly Authority[];
  readonly seen: readonly Seen[];
  readonly language: CardLanguage;
  readonly place: string | undefined;
}

async function sheetOf(room: CardRoom, printed: Printed): Promise<OrderSheet> {
  const { language, place, seen } = printed;
  const { deps } = room;
  const nowMs = deps.now();
  const today = dayOf(nowMs);
  const uhid = (await findPerson(deps.db.pool, printed.patientId))?.uhid ?? '';
  const who = await readPerson(room, printed);
  const { second } = emergencySummaries(readFacts(who, today), defaultCardSettings, today);
  const face = faceOf(
    second,
    { uhid, url: deps.config.publicUrl, number: 0, issuedAt: new Date(nowMs), plainTextCode: false },
    language,
    nowMs,
  );
  const ids = [...new Set(seen.flatMap(({ order }) => laboratoryOf(order, deps.config.publicUrl) ?? []))];
  const named = ids.length === 0 ? [] : await listOrganizations(deps.db.pool, { ids }, ids.length);
  const names = new Map(named.map(({ organizationId, name }) => [organizationId, name ?? '']));
  const { labels } = face;
  return {
    face,
    printedAt: dateAndTime(language, new Date(nowMs)),
    ...(place === undefined ? {} : { proofUrl: `${deps.config.publicUrl}${place}` }),
    lines: seen.map(({ order }) =>
      lineOf(order, language, names.get(laboratoryOf(order, deps.config.publicUrl) ?? '')),
    ),
    words: {
      title: { first: words.title[language] },
      continued: labels.continued,
      printed: labels.printed,
      page: labels.page,
      how: words.how[language],
    },
  };
}

/** Who it is, as far as whoever prints may see that. */
async function readPerson(
  { deps }: CardRoom,
  { actor, patientId, authorities }: Printed,
): Promise<JsonObject[]> {
  const [stored] = await findResources(deps.db.pool, [{ resourceType: 'Patient', resourceId: patientId }]);
  if (stored === undefined) return [];
  const asker = { kind: 'person', patientId: actor.patientId, authorities } as const;
  const person = parseJson(stored.content) as Resource;
  const subject = {
    patientId,
    resourceType: 'Patient',
    resourceId: patientId,
    category: categoryOf(person),
    sealed: isSealed(person),
  };
  return decide(asker, 'read', subject).allowed ? [person] : [];
}

function laboratoryOf(order: Resource, publicUrl: string): string | undefined {
  for (const performer of objectsAt(order, 'performer')) {
    const found = parseReference(textAt(performer, 'reference') ?? '', `${publicUrl}/fhir/R4`);
    if (found.kind === 'local' && found.type === 'Organization') return found.id;
  }
  return undefined;
}

function lineOf(order: Resource, language: CardLanguage, laboratory: string | undefined): OrderSheetLine {
  const code = codeOfOrder(order);
  const by = textAt(objectAt(order, 'requester'), 'display');
  const day = dateAt(order, 'authoredOn');
  const date = day === undefined ? undefined : sayDate(language, day);
  const priority = textAt(order, 'priority');
  const isOver = order['status'] === 'revoked' || order['status'] === 'entered-in-error';
  return {
    test: codedText(objectAt(order, 'code'))?.text ?? words.unnamed[language],
    notes: [
      ...(isOver ? [words.cancelled[language]] : []),
      ...(priority === 'urgent' || priority === 'stat' || priority === 'asap'
        ? [words.urgent[language]]
        : []),
      ...objectsAt(order, 'note').flatMap((note) => textAt(note, 'text') ?? []),
    ],
    number:
      code === undefined
        ? words.noNumber[language]
        : fillIn(words.number[language], { number: shownOrderCode(code) }),
    // A paper of what is over opens nothing at a counter.
    ...(code === undefined || isOver ? {} : { code }),
    ordered:
      by !== undefined && date !== undefined
        ? fillIn(words.ordered[language], { name: by, date })
        : by !== undefined
          ? fillIn(words.orderedBy[language], { name: by })
          : date === undefined
            ? ''
            : fillIn(words.orderedOn[language], { date }),
    where:
      laboratory === undefined || laboratory === ''
        ? words.chosenLater[language]
        : fillIn(words.goesTo[language], { name: laboratory }),
  };
}
