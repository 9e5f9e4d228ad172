// A yes to all of what was asked, whatever carried it: a code, a passkey, a rule. Letting in anew, or a pen that was lent before for longer.
import type { StatementWho } from '../../core/ledger/statement.ts';
import type { AccessRequest } from '../storage/access-requests.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { ConsentRoom } from './consent-room.ts';
import { grantOf, holdersOf } from './granted.ts';
import type { Granted, LetIn } from './let-in.ts';
import { letIn } from './let-in.ts';
import { prolong } from './prolong.ts';

export interface Yes {
  practitionerId?: string | null;
  by: StatementWho;
  basis: string;
  how: LetIn['how'];
  agent: string;
}

/** Inside the transaction that marked the request as answered. Throws 409 `grant-over`. */
export async function giveAsAsked(
  client: Queryable,
  room: ConsentRoom,
  found: AccessRequest,
  { practitionerId = null, ...yes }: Yes,
): Promise<Granted> {
  if (found.extendsId !== null) return prolong(client, room, found, found.extendsId, yes);
  return letIn(client, room, {
    ...grantOf(found),
    ...holdersOf(found, found, practitionerId),
    ...yes,
    event: 'access-approve',
  });
}
