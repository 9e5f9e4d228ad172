// Every look leaves one entry that is durable before the answer: this file shapes it.
import { hash } from 'node:crypto';
import { personOf } from '../../core/access/decide.ts';
import type { Statement, StatementEvent } from '../../core/ledger/statement.ts';
import type { Deps } from '../http/deps.ts';
import type { StoredVersion } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { RequestContext } from './asker.ts';
import { actingIn } from './authorise.ts';

type Shown = Pick<StoredVersion, 'resourceType' | 'resourceId' | 'version'>;

/** Count and base64 SHA-256 over the lines `Type/id/_history/n` of what was shown, in the order shown. */
export function shownDigest(shown: readonly Shown[]): { count: number; digest: string } {
  const lines = shown.map((s) => `${s.resourceType}/${s.resourceId}/_history/${s.version}\n`).join('');
  return { count: shown.length, digest: hash('sha256', lines, 'base64') };
}

/** Of a program it is not known what it looks for. */
function purposeOf({ asker, purpose }: RequestContext): { purpose?: string } {
  if (purpose !== undefined) return { purpose };
  return asker.kind === 'client' ? {} : { purpose: personOf(asker) ? 'PATRQT' : 'TREAT' };
}

/** Stores a look at a person's record (or, with patientId '', at the directory) and waits until it is on disk. */
export async function recordLook(
  deps: Deps,
  context: RequestContext,
  patientId: string,
  look: {
    event: StatementEvent;
    basis: string;
    outcome?: Statement['outcome'];
    on?: Statement['on'];
    query?: string;
    shown?: readonly Shown[];
  },
): Promise<void> {
  const entry = sealEntry(
    patientId,
    {
      event: look.event,
      outcome: look.outcome ?? 'done',
      who: context.who,
      basis: look.basis,
      ...purposeOf(context),
      agent: context.agent,
      ...(look.on ? { on: look.on } : {}),
      ...(look.query ? { query: look.query } : {}),
      ...(look.shown ? { shown: shownDigest(look.shown) } : {}),
      ...(context.authority ? { detail: { authority: context.authority } } : {}),
    },
    deps,
  );
  await deps.entries.store(entry);
}

/**
 * A look that shows things of several people: one entry in each one's chain, of what was shown of theirs; they wait for one insert.
 * Nothing shown is still a look: it goes into the chain of `home`, or into the system's.
 */
export async function recordLooksAtPeople(
  deps: Deps,
  context: RequestContext,
  shown: readonly (Shown & { patientId: string })[],
  look: { event: StatementEvent; basis: string; query?: string },
  home = '',
): Promise<void> {
  const byPerson = Map.groupBy(shown, ({ patientId }) => patientId);
  if (byPerson.size === 0) byPerson.set(home, []);
  await Promise.all(
    [...byPerson].map(([patientId, theirs]) => {
      const acting = actingIn(context, patientId);
      const basis = acting.rule ?? look.basis;
      return recordLook(deps, acting.context, patientId, { ...look, basis, shown: theirs });
    }),
  );
}
