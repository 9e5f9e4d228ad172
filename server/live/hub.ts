// The live socket (/ws): who is connected, what each is bound to, and what they are told. General: what a topic means, and who may hear it, is
// its room's to say. Whoever signs out, is disabled, suspended or loses a token is cut off at once, and hears nothing from that moment on.
import type { FastifyRequest } from 'fastify';
import type { WebSocket } from '@fastify/websocket';
import type { Actor } from '../http/actor.ts';
import type { Deps } from '../http/deps.ts';
import { hashToken } from '../http/session-cookie.ts';
import { announced, findGoodSessions, findGoodTokens } from '../storage/live.ts';
import type { Ask } from './frames.ts';
import { frameLimitBytes, readFrame, writeFrame } from './frames.ts';
import type { LiveMessage, Listener } from './listener.ts';
import { startListener } from './listener.ts';

/** What one kind of live event means. Both answers are asked of storage at that moment. */
export interface LiveTopic {
  mayBind(actor: Actor, key: string): Promise<boolean>;
  /** Whether this actor may hear this event now; when true, whatever must be entered of it is durable. */
  mayHear(actor: Actor, message: LiveMessage): Promise<boolean>;
}

export const liveLimits = {
  sockets: 2000,
  ofActor: 10,
  bindings: 50,
  framesOfSecond: 20,
  waitingBytes: 1 << 20,
};
const checkEveryMs = 2000;
/** As for requests (docs/decisions/sessions.md); a room does not import another. */
const staffIdleMs = 15 * 60_000;
/** Codes of RFC 6455: policy violation, try again later. */
const closed = { policy: 1008, later: 1013 };

interface Connected {
  socket: WebSocket;
  actor: Exclude<Actor, { kind: 'anonymous' }>;
  owner: string;
  /** By `topic key`; the value: in plain text or not. */
  bindings: Map<string, boolean>;
  tokenHash: string | undefined;
  alive: boolean;
  frames: { second: number; count: number };
}

export interface LiveHub {
  accept(socket: WebSocket, request: FastifyRequest): void;
  stop(): Promise<void>;
}

export function createLiveHub(deps: Deps, topics: Readonly<Record<string, LiveTopic>>): LiveHub {
  const connected = new Set<Connected>();
  let listener: Listener | undefined;

  const topicOf = (name: string): LiveTopic | undefined =>
    Object.hasOwn(topics, name) ? topics[name] : undefined;

  async function goodOnes(some: readonly Connected[]): Promise<Connected[]> {
    const sessions = some.flatMap(({ actor }) => (actor.kind === 'person' ? [actor.sessionId] : []));
    const tokens = some.flatMap(({ tokenHash }) => tokenHash ?? []);
    const [goodSessions, goodTokens] = await Promise.all([
      findGoodSessions(deps.db.pool, [...new Set(sessions)], deps.now(), staffIdleMs),
      findGoodTokens(deps.db.pool, [...new Set(tokens)], deps.now()),
    ]);
    return some.filter(({ actor, tokenHash }) =>
      actor.kind === 'person'
        ? goodSessions.has(actor.sessionId)
        : tokenHash !== undefined && goodTokens.has(tokenHash),
    );
  }

  function cut(one: Connected, code: number, reason: string): void {
    connected.delete(one);
    one.socket.close(code, reason);
    // A client that does not answer the close is dropped.
    setTimeout(() => one.socket.terminate(), 2000).unref();
  }

  async function cutThoseOver(some: readonly Connected[]): Promise<void> {
    const kept = new Set(await goodOnes(some));
    for (const one of some) if (!kept.has(one)) cut(one, closed.policy, 'signed out');
  }

  /** Beats of the heart and of the rights: both end what is no longer there. */
  const check = setInterval(() => {
    const all = [...connected];
    if (all.length === 0) return;
    cutThoseOver(all).catch(() => undefined);
  }, checkEveryMs);
  const heartbeat = setInterval(() => {
    for (const one of connected) {
      if (!one.alive) {
        connected.delete(one);
        one.socket.terminate();
        continue;
      }
      one.alive = false;
      one.socket.ping();
    }
  }, 30_000);

  async function tell(message: LiveMessage): Promise<void> {
    const theirs = (): Connected[] => [...connected].filter(({ owner }) => owner === message.key);
    if (message.topic === announced.signIns) return cutThoseOver(theirs());
    // Who is at work differently from before begins anew, with what they have now.
    if (message.topic === announced.work)
      return theirs().forEach((one) => cut(one, closed.policy, 'your work has changed'));
    const name = `${message.topic} ${message.key}`;
    const bound = [...connected].filter(({ bindings }) => bindings.has(name));
    const topic = topicOf(message.topic);
    if (!topic || bound.length === 0) return;
    for (const one of await goodOnes(bound)) {
      if (!(await topic.mayHear(one.actor, message))) continue;
      say(one, { event: 'ping', topic: message.topic, key: message.key }, one.bindings.get(name) ?? false);
    }
  }

  function say(one: Connected, what: Parameters<typeof writeFrame>[0], plain: boolean): void {
    // Whoever does not read is not waited for.
    if (one.socket.bufferedAmount > liveLimits.waitingBytes) return cut(one, closed.later, 'too slow');
    one.socket.send(writeFrame(what, plain));
  }

  async function answer(one: Connected, ask: Ask): Promise<void> {
    const { topic, key, plain } = ask;
    const name = `${topic} ${key}`;
    if (ask.do === 'unbind') {
      one.bindings.delete(name);
      return say(one, { event: 'unbound', topic, key }, plain);
    }
    const room = one.bindings.size < liveLimits.bindings || one.bindings.has(name);
    const may = room && ((await topicOf(topic)?.mayBind(one.actor, key)) ?? false);
    if (may) one.bindings.set(name, plain);
    return say(one, { event: may ? 'bound' : 'refused', topic, key }, plain);
  }

  /** False when more frames came in this second than anybody needs. */
  function withinRate(one: Connected): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (one.frames.second !== second) one.frames = { second, count: 0 };
    one.frames.count += 1;
    return one.frames.count <= liveLimits.framesOfSecond;
  }

  return {
    accept(socket, request) {
      const { actor } = request;
      // The route has refused strangers already; without a sign-in there is nobody to check again.
      if (actor.kind !== 'person' && actor.kind !== 'client')
        return socket.close(closed.policy, 'sign in first');
      const owner = actor.kind === 'client' ? `client:${actor.clientId}` : `account:${actor.accountId}`;
      const theirs = [...connected].filter((one) => one.owner === owner).length;
      if (connected.size >= liveLimits.sockets || theirs >= liveLimits.ofActor)
        return socket.close(closed.later, 'too many connections');
      listener ??= startListener(deps, (message) => void tell(message).catch(() => undefined));
      const token = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
      const one: Connected = {
        socket,
        actor,
        owner,
        bindings: new Map(),
        tokenHash: actor.kind === 'client' && token ? hashToken(token).toString('hex') : undefined,
        alive: true,
        frames: { second: 0, count: 0 },
      };
      connected.add(one);
      // One after the other, so that answers come in the order of the questions.
      let turn = Promise.resolve();
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        if (!withinRate(one)) return cut(one, closed.policy, 'too many frames');
        const ask = isBinary || data.length > frameLimitBytes ? undefined : readFrame(data.toString('utf8'));
        if (!ask) return cut(one, closed.policy, 'not understood');
        turn = turn.then(() => answer(one, ask)).catch(() => cut(one, closed.later, 'try again later'));
      });
      socket.on('pong', () => {
        one.alive = true;
      });
      socket.on('close', () => connected.delete(one));
      socket.on('error', () => connected.delete(one));
    },
    async stop() {
      clearInterval(check);
      clearInterval(heartbeat);
      for (const one of connected) one.socket.terminate();
      connected.clear();
      await listener?.stop();
    },
  };
}
