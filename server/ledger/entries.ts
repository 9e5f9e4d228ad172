// A person's own entries: who looked and what changed, and the evidence with which their own device proves each of them.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { firstSealedPart } from '../../core/access/categories.ts';
import { encodeBase64 } from '../../core/ledger/base64.ts';
import type { Statement } from '../../core/ledger/statement.ts';
import type { ReadTileNodes } from '../../core/ledger/tiles.ts';
import { inclusionProofFromTiles } from '../../core/ledger/tiles.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { PersonActor } from '../http/actor.ts';
import type { Deps } from '../http/deps.ts';
import type { Standing } from '../http/acting-for.ts';
import { patientNamed, requireActing } from '../http/acting-for.ts';
import { requirePerson, whoOfPerson } from '../http/require-person.ts';
import type { StoredEntry } from '../storage/entries.ts';
import { findEntry, findLeafIndexes, listChain, listEntries } from '../storage/entries.ts';
import { heldNow } from '../storage/authorities.ts';
import { findSealedAmong } from '../storage/guardians.ts';
import { findAnchorsOver } from '../storage/anchor-store.ts';
import { findCheckpoint } from '../storage/log-store.ts';
import { keptTileNodes } from '../storage/log-reads.ts';
import { findPerson } from '../storage/people.ts';
import { findVersionTexts } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { requireCheckpoint } from './public-log.ts';
import { localChainId } from './chain/chain-names.ts';
import type { Witnessed } from './witnessed.ts';
import { findWitnessed, witnessesOfLeaf } from './witnessed.ts';

const kindsByName: Record<string, number[]> = {
  writes: [1],
  looks: [2, 3],
  cards: [4],
  account: [5],
  access: [7],
  all: [],
};
const entryIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A person's looking at who looked is a look like any other. */
export async function recordOwnLook(
  deps: Deps,
  request: FastifyRequest,
  { patientId, who, decision }: Pick<Standing, 'patientId' | 'who' | 'decision'>,
  event: 'looks' | 'verify',
  detail: { count: number; entry?: string },
): Promise<void> {
  await deps.entries.store(
    sealEntry(
      patientId,
      {
        event,
        outcome: 'done',
        who,
        basis: decision.rule,
        purpose: who.role === 'guardian' ? 'FAMRQT' : 'PATRQT',
        agent: agentFamily(request.headers['user-agent']),
        detail,
      },
      deps,
    ),
  );
}

/** Undefined for a row that somebody changed by hand: it must not hide the others, and its own evidence shows that it is not what it was. */
export function readStatement(text: string): Statement | undefined {
  try {
    const statement: unknown = JSON.parse(text);
    return typeof statement === 'object' && statement !== null ? (statement as Statement) : undefined;
  } catch {
    return undefined;
  }
}

export const ownStanding = (actor: PersonActor): Standing => ({
  actor,
  patientId: actor.patientId,
  decision: { allowed: true, rule: 'self' },
  who: whoOfPerson(actor),
});

type Anchors = Awaited<ReturnType<typeof findAnchorsOver>>;

/** Which of these entries stand on a chain, and in which block. */
function findAnchors(deps: Deps, entries: readonly StoredEntry[]): Promise<Anchors> {
  return findAnchorsOver(
    deps.db.pool,
    entries.flatMap(({ leafIndex }) => leafIndex ?? []),
  );
}

function view(entry: StoredEntry, witnessed: Witnessed, anchors: Anchors): object {
  const { salt: _salt, leaf, statement, erasedBy, ...rest } = entry;
  const { leafIndex } = entry;
  return {
    ...rest,
    ...stateOf(leafIndex, witnessed, anchors),
    // The block of the person's own chain: its hash, and that of the one before, are read from it.
    ...(leaf === null ? {} : { leaf: encodeBase64(leaf) }),
    ...(erasedBy === null ? (readStatement(statement) ?? { unreadable: true }) : { erasedBy }),
  };
}

/** How far one entry is proven, with its block or its witnesses. */
function stateOf(leafIndex: number | null, witnessed: Witnessed, anchors: Anchors): object {
  if (leafIndex === null) return { state: 'pending' };
  const anchor = anchors.get(leafIndex);
  return {
    state: anchor ? 'anchored' : leafIndex < witnessed.size ? 'witnessed' : 'logged',
    ...(anchor
      ? {
          anchor: {
            block: anchor.blockNumber,
            chainId: anchor.chainId,
            local: anchor.chainId === localChainId,
          },
        }
      : {}),
    ...(witnessed.of === 0 ? {} : { witnesses: witnessesOfLeaf(witnessed, leafIndex) }),
  };
}

/** Whose entries: the own ones, or with `?patient=` those of somebody whose record one manages, without what is sealed to them. */
async function entriesOf(deps: Deps, request: FastifyRequest): Promise<Standing> {
  const actor = requirePerson(request);
  return requireActing(actor, 'read', patientNamed(request, actor), heldNow(deps), 'AuditEvent');
}

async function withoutSealed(
  deps: Deps,
  { actor, patientId }: Standing,
  entries: StoredEntry[],
): Promise<StoredEntry[]> {
  if (patientId === actor.patientId) return entries;
  const spokenOf = entries.map(({ statement }) => readStatement(statement)?.on);
  const sealed = await findSealedAmong(
    deps.db.pool,
    patientId,
    spokenOf.flatMap((on) => (on ? [on] : [])),
    firstSealedPart,
  );
  return entries.filter((_, place) => {
    const on = spokenOf[place];
    return on === undefined || !sealed.has(`${on.type}/${on.id}`);
  });
}

/** GET /api/entries?kind=looks|writes|cards|account|access|all&by=guardians&before=&limit= — newest first. */
export const listOwnEntries = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const standing = await entriesOf(deps, request);
  const { patientId } = standing;
  const {
    kind = 'all',
    before,
    limit = '50',
    by,
  } = request.query as { kind?: string; before?: string; limit?: string; by?: string };
  const kinds = Object.hasOwn(kindsByName, kind) ? kindsByName[kind] : undefined;
  const count = Number(limit);
  if (
    !kinds ||
    !Number.isInteger(count) ||
    count < 1 ||
    count > 200 ||
    (before !== undefined && !entryIdPattern.test(before)) ||
    (by !== undefined && by !== 'guardians')
  ) {
    throw new ApiError(
      400,
      'invalid',
      'kind is looks, writes, cards, account, access or all; limit is 1 to 200; before is an entry id; by is guardians.',
    );
  }
  const [found, witnessed] = await Promise.all([
    // Whoever began the record at a desk saw what they wrote.
    listEntries(deps.db.pool, patientId, count + 1, before, kinds, by === 'guardians', kind === 'looks'),
    findWitnessed(deps),
  ]);
  const shown = await withoutSealed(deps, standing, found.slice(0, count));
  const anchors = await findAnchors(deps, shown);
  await recordOwnLook(deps, request, standing, 'looks', { count: shown.length });
  return reply.send({
    entries: shown.map((entry) => view(entry, witnessed, anchors)),
    next: found.length > count ? found[count - 1]?.entryId : undefined,
  });
};

/**
 * GET /api/entries/:id — one entry with everything needed to prove it, but the version's text, which the FHIR API gives. The proof
 * is under the newest witnessed checkpoint when that covers the entry, otherwise under the newest. A look like any other.
 */
export const entryEvidence = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const standing = await entriesOf(deps, request);
  const { id } = request.params as { id: string };
  const found = entryIdPattern.test(id) ? await findEntry(deps.db.pool, standing.patientId, id) : undefined;
  const [entry] = await withoutSealed(deps, standing, found ? [found] : []);
  if (!entry) throw absentEntry();
  const answer = await proven(deps, entry);
  await recordOwnLook(deps, request, standing, 'verify', { count: 1, entry: entry.entryId });
  return reply.send(answer);
};

export const statesBody = {
  type: 'object',
  required: ['entries'],
  additionalProperties: false,
  properties: {
    entries: { type: 'array', maxItems: 500, items: { type: 'string', pattern: entryIdPattern.source } },
  },
} as const;

/** POST /api/entries/states {entries} — how far each of these is proven, by its id; what is not in the record is left out. No look: it says nothing of what they hold. */
export const entryStates = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { patientId } = await entriesOf(deps, request);
  const { entries } = request.body as { entries: string[] };
  const [leaves, witnessed] = await Promise.all([
    findLeafIndexes(deps.db.asks, patientId, entries),
    findWitnessed(deps),
  ]);
  const anchors = await findAnchorsOver(
    deps.db.pool,
    leaves.flatMap(({ leafIndex }) => leafIndex ?? []),
  );
  const states = leaves.map(({ entryId, leafIndex }) => [entryId, stateOf(leafIndex, witnessed, anchors)]);
  return reply.send({ states: Object.fromEntries(states) as object });
};

export const absentEntry = () => new ApiError(404, 'not-found', 'There is no such entry in your record.');

export async function stateOfEntry(deps: Deps, entry: StoredEntry): Promise<object> {
  const [witnessed, anchors] = await Promise.all([findWitnessed(deps), findAnchors(deps, [entry])]);
  return stateOf(entry.leafIndex, witnessed, anchors);
}

/** One entry with its evidence, as its own person gets it. */
export async function proven(deps: Deps, entry: StoredEntry): Promise<object> {
  const [latest, witnessed] = await Promise.all([requireCheckpoint(deps), findWitnessed(deps)]);
  const seen = entry.leafIndex !== null && entry.leafIndex < witnessed.size;
  const under = (seen ? await findCheckpoint(deps.db.pool, witnessed.size) : undefined) ?? latest;
  const covered = entry.leafIndex !== null && entry.leafIndex < under.size;
  return {
    ...view(entry, witnessed, await findAnchors(deps, [entry])),
    evidence: covered ? await evidenceOf(keptTileNodes(deps.db.asks), entry, under.size) : undefined,
    checkpoint: under.note,
  };
}

/**
 * GET /api/chain?from=&limit=&size= — the person's whole chain in order, each link proven in the tree of one checkpoint and with the
 * text it commits to. `size` keeps all pages to the checkpoint of the first.
 */
export const ownChain = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const actor = requirePerson(request);
  const {
    from = '1',
    limit = '200',
    size,
  } = request.query as { from?: string; limit?: string; size?: string };
  const [fromSeq, count] = [Number(from), Number(limit)];
  const wanted = size === undefined ? undefined : Number(size);
  const whole = [fromSeq, count, wanted ?? 0].every(Number.isSafeInteger);
  if (!whole || fromSeq < 1 || count < 1 || count > 500 || (wanted ?? 0) < 0) {
    throw new ApiError(
      400,
      'invalid',
      'from is a number from 1; limit is 1 to 500; size is that of the first page.',
    );
  }
  if (fromSeq === 1) await recordOwnLook(deps, request, ownStanding(actor), 'verify', { count });
  const under =
    wanted === undefined ? await requireCheckpoint(deps) : await findCheckpoint(deps.db.pool, wanted);
  if (!under) throw new ApiError(404, 'not-found', 'The log has no checkpoint of this size.');
  const person = await findPerson(deps.db.pool, actor.patientId);
  const covered = (await listChain(deps.db.pool, actor.patientId, fromSeq, count + 1)).filter(
    (link) => link.leafIndex !== null && link.leafIndex < under.size,
  );
  const shown = covered.slice(0, count);
  const written = shown.flatMap((link) => versionKey(link) ?? []);
  const texts = await findVersionTexts(deps.db.pool, actor.patientId, written);
  // As the log stands now, whatever the process kept: this is what a person checks their record by.
  const readTile = keptTileNodes(deps.db.asks);
  const links = await Promise.all(
    shown.map(async (link) => {
      const key = versionKey(link);
      const content = key && texts.get(`${key.type}/${key.id}/_history/${key.version}`);
      return {
        entryId: link.entryId,
        ...(await evidenceOf(readTile, link, under.size)),
        ...(key ? { content: content ?? null } : {}),
      };
    }),
  );
  return reply.send({
    pseudonym: person ? encodeBase64(person.pseudonym) : undefined,
    size: under.size,
    checkpoint: under.note,
    links,
    next: covered.length > count ? fromSeq + count : undefined,
  });
};

/** Which version a write's statement speaks of; undefined for every other event. */
function versionKey(entry: StoredEntry): { type: string; id: string; version: number } | undefined {
  const { on, content } = readStatement(entry.statement) ?? {};
  return content !== undefined && on?.version !== undefined
    ? { type: on.type, id: on.id, version: on.version }
    : undefined;
}

async function evidenceOf(readTile: ReadTileNodes, entry: StoredEntry, size: number): Promise<object> {
  const leafIndex = entry.leafIndex as number;
  const hashes = await inclusionProofFromTiles(leafIndex, size, readTile);
  return {
    leaf: encodeBase64(entry.leaf as Buffer),
    leafIndex,
    seq: entry.seq,
    size,
    ...(entry.erasedBy === null ? {} : { erasedBy: entry.erasedBy }),
    ...(entry.salt === null ? {} : { statement: entry.statement, salt: encodeBase64(entry.salt) }),
    hashes: hashes.map(encodeBase64),
  };
}
