// What every handler of this room shares, and the error that OAuth routes answer with (RFC 6749, section 5.2).
import type { FastifyRequest } from 'fastify';
import type { StatementEvent } from '../../core/ledger/statement.ts';
import { OauthError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { Deps } from '../http/deps.ts';
import { sealEntry } from '../storage/sealed-entry.ts';

/** The limits that hold here; the identity room counts them. */
export interface TokenAttempts {
  take(purpose: 'token-address' | 'token-client' | 'register-address', ...parts: string[]): Promise<void>;
  forgive(attempts: readonly { purpose: 'token-address'; parts: readonly string[] }[]): Promise<void>;
}

export interface Oauth extends Deps {
  attempts: TokenAttempts;
}

export const tokenEndpoint = (deps: Pick<Deps, 'config'>): string => `${deps.config.publicUrl}/oauth/token`;

export const fhirBaseOf = (deps: Pick<Deps, 'config'>): string => `${deps.config.publicUrl}/fhir/R4`;

/** One answer for every proof that failed: it does not tell whether there is such a client. */
export function invalidClient(basic: boolean): OauthError {
  return new OauthError(
    401,
    'invalid_client',
    'The client is not known, or its proof is not valid.',
    basic ? { 'www-authenticate': 'Basic realm="medallion", charset="UTF-8"' } : {},
  );
}

export interface FormFields {
  get(name: string): string | undefined;
  /** All of them, each name once. */
  entries(): Iterable<[string, string]>;
}

const proofFields = new Set(['client_id', 'client_secret', 'client_assertion', 'client_assertion_type']);

/** The form once its client is known: nothing of the proof goes further, and the client that was proved stands in it. */
export function provedForm(form: FormFields, clientId: string): URLSearchParams {
  const kept = [...form.entries()].filter(([name]) => !proofFields.has(name));
  return new URLSearchParams([...kept, ['client_id', clientId]]);
}

/** The posted form. A field given twice is refused (RFC 6749, section 3.2): which of the two counts must not be a matter of luck. */
export function readForm(request: FastifyRequest): FormFields {
  if (typeof request.body !== 'string')
    throw new OauthError(400, 'invalid_request', 'A form is expected: application/x-www-form-urlencoded.');
  const pairs = [...new URLSearchParams(request.body)];
  const fields = new Map(pairs);
  if (fields.size !== pairs.length)
    throw new OauthError(400, 'invalid_request', 'A field is given more than once.');
  return { get: (name) => fields.get(name) || undefined, entries: () => fields.entries() };
}

/** An entry in the system's own chain, on disk before the answer leaves. */
export async function recordTokenEvent(
  oauth: Oauth,
  request: FastifyRequest,
  event: Extract<StatementEvent, 'token-issue' | 'token-refused' | 'token-revoke'>,
  client: { clientId: string; name?: string } | undefined,
  basis: string,
  detail?: Record<string, string | number>,
): Promise<void> {
  const name = client?.name;
  await oauth.entries.store(
    sealEntry(
      '',
      {
        event,
        outcome: event === 'token-refused' ? 'refused' : 'done',
        who: client
          ? { role: 'client', account: client.clientId, ...(name === undefined ? {} : { name }) }
          : { role: 'anonymous' },
        basis,
        agent: agentFamily(request.headers['user-agent']),
        ...(detail ? { detail } : {}),
      },
      oauth,
    ),
  );
}
