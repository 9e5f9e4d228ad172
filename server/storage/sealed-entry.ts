// An entry made ready to store: its statement as canonical text, its salt, and the commitment its leaf will carry.
import { hash } from 'node:crypto';
import type { Statement } from '../../core/ledger/statement.ts';
import { kindOfStatement } from '../../core/ledger/statement.ts';
import { canonicalJson } from '../../core/fhir/json.ts';
import type { JsonObject } from '../../core/fhir/types.ts';
import { hmacSha256 } from './hmac.ts';
import { uuidV7 } from './uuid.ts';

export interface SealedEntry {
  patientId: string;
  entryId: string;
  kind: number;
  recordedAtMs: number;
  statement: string;
  salt: Buffer;
  commitment: Buffer;
}

export interface SealingSources {
  now: () => number;
  randomBytes: (count: number) => Uint8Array;
}

/** Base64 SHA-256 of a version's canonical text, as a statement names it. */
export function contentDigest(content: string): string {
  return hash('sha256', content, 'base64');
}

/** `patientId` '' puts the entry into the system's own chain. The statement's `at` is set here. */
export function sealEntry(
  patientId: string,
  statement: Omit<Statement, 'v' | 'at'>,
  sources: SealingSources,
  recordedAtMs: number = sources.now(),
): SealedEntry {
  const full: Statement = { v: 1, at: new Date(recordedAtMs).toISOString(), ...statement };
  const text = canonicalJson(full as unknown as JsonObject);
  const salt = Buffer.from(sources.randomBytes(32));
  return {
    patientId,
    entryId: uuidV7(recordedAtMs, sources.randomBytes),
    kind: kindOfStatement(statement),
    recordedAtMs,
    statement: text,
    salt,
    commitment: hmacSha256(salt, text),
  };
}
