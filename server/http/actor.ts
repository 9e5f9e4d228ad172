// Who a request comes from, as established by the identity room and believed by every other room.

/** A signed-in person. Times in epoch milliseconds. */
export interface PersonActor {
  kind: 'person';
  accountId: string;
  sessionId: string;
  patientId: string;
  name: string;
  /** Last time this session gave its password: sensitive changes ask for a recent one. */
  provedAtMs: number;
}

export type Actor = { kind: 'anonymous' } | PersonActor | { kind: 'operator'; name: string };

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor;
  }
}
