// Who a request comes from, as established by the rooms of sign-in and tokens and believed by every other room.
import type { AppScope } from '../../core/access/app-scopes.ts';
import type { ClientScope } from '../../core/access/client-scopes.ts';
import type { SecondFactor } from '../../core/sign-in/factors.ts';

/** A signed-in person. Times in epoch milliseconds. */
export interface PersonActor {
  kind: 'person';
  accountId: string;
  sessionId: string;
  patientId: string;
  name: string;
  /** Whether they were given anything over other people's records. */
  holdsAuthorities: boolean;
  /** Last time this session gave its password, and the second factor where the account has one: sensitive changes ask for a recent one. */
  provedAtMs: number;
  /** By what this session was proved a second time; null: by the password alone. */
  second: SecondFactor | null;
  /** Works with records or administers, and has not proved a second time: may only sign out and add a factor. */
  lacksFactor: boolean;
}

/** A program with an access token. */
export interface ClientActor {
  kind: 'client';
  clientId: string;
  name: string;
  scopes: readonly ClientScope[];
}

/** An app that a person let in, with a token that stands for both. */
export interface AppActor {
  kind: 'app';
  clientId: string;
  clientName: string;
  accountId: string;
  patientId: string;
  name: string;
  /** Entry of the person's Patient as it stands: by it their name is known. */
  patientEntryId: string | null;
  holdsAuthorities: boolean;
  /** Its person works with records or administers, and let it in with a password alone. */
  lacksFactor: boolean;
  scopes: readonly AppScope[];
  /** The record it was opened for. */
  inContext?: string;
}

export type Actor =
  { kind: 'anonymous' } | PersonActor | ClientActor | AppActor | { kind: 'operator'; name: string };

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor;
  }
}
