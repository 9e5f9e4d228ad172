// `cards`: the desk's side of pre-printed cards. Making and giving one shows nothing of anybody's record.
import { writeFile } from 'node:fs/promises';
import { cardLabels } from '../../core/card/drawing/labels.ts';
import { parseUhid } from '../../core/card/uhid.ts';
import { decide } from '../../core/access/decide.ts';
import { makeBlankBatch } from '../card/blank-batch.ts';
import { openCardRoom } from '../card/card-room.ts';
import { claimCard } from '../card/change-card.ts';
import { renderBlankCardsPdf } from '../card/drawing/render.ts';
import { readClaimCode } from '../card/token.ts';
import { findPersonByUhid } from '../storage/people.ts';
import type { Stores } from '../stores.ts';

const desk = { role: 'operator', name: 'desk' } as const;

/** Makes `count` blanks and writes them as a PDF to print. The claim codes are on that paper and nowhere else. */
export async function makeBlankCards(
  { deps, sequencer }: Stores,
  count: number,
  file: string,
  label: string,
): Promise<string> {
  const room = await openCardRoom(deps);
  const batch = await makeBlankBatch(room, { count, label, who: desk });
  await writeFile(file, await renderBlankCardsPdf(batch.cards, cardLabels('en', 'hi')), { mode: 0o600 });
  await sequencer.flush();
  return `Batch ${batch.number}: ${batch.cards.length} cards in ${file}. Keep the sheets locked away: whoever has one can claim it.`;
}

/** Gives a blank to the person with this UHID; their former card ends. */
export async function claimForPerson(
  { deps, sequencer }: Stores,
  claimCode: string,
  uhidText: string,
): Promise<string> {
  const parsed = parseUhid(uhidText);
  if (!parsed.ok) throw new Error(`This is no UHID (${parsed.problem}). Look at the number again.`);
  const person = await findPersonByUhid(deps.db.pool, parsed.uhid);
  const code = readClaimCode(claimCode);
  if (!person || code === undefined)
    throw new Error(person ? 'This is no claim code. Look at the card again.' : 'Nobody here has this UHID.');
  const decision = decide({ kind: 'operator' }, 'give-card', {
    patientId: person.patientId,
    resourceType: 'Patient',
  });
  if (!decision.allowed) throw new Error(decision.rule);
  const room = await openCardRoom(deps);
  const card = await claimCard(
    room,
    { patientId: person.patientId, who: desk, agent: 'a program', basis: decision.rule },
    code,
  );
  await sequencer.flush();
  return `Claimed: it is card ${card.number} of this person. Cards before it show nothing any more.`;
}
