// How a room takes over a record that was begun at a desk; the desk's room gives it.
import type { FastifyRequest } from 'fastify';
import type { StatementWho } from '../../core/ledger/statement.ts';

/** A code that was right, and is not used up yet. */
export interface OpenClaim {
  patientId: string;
  hash: string;
}

export interface Claims<Client> {
  /** Throws 404 `claim-wrong`, 429. */
  open(request: FastifyRequest, given: { uhid: string; code: string }): Promise<OpenClaim>;
  /** Inside the transaction that makes the account or the guardian: uses the code up. Throws 404 when another was first. */
  finish(
    client: Client,
    request: FastifyRequest,
    claim: OpenClaim,
    by: { who: StatementWho; as: 'self' | 'guardian' },
  ): Promise<string>;
}
