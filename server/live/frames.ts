// What is said over the live socket, in either of two tongues: the text of R4's websocket channel (`bind 12`, `bound 12`, `ping 12`), and a
// small JSON envelope for everything later. Knows no sockets.

/** What a client asks for. `topic` says which kind of thing, `key` which one. */
export interface Ask {
  readonly do: 'bind' | 'unbind';
  readonly topic: string;
  readonly key: string;
  /** In which of the two it is answered. */
  readonly plain: boolean;
}

/** What the server says. */
export interface Say {
  readonly event: 'bound' | 'unbound' | 'ping' | 'refused';
  readonly topic: string;
  readonly key: string;
}

export const frameLimitBytes = 1024;

/** Undefined for what is neither. */
export function readFrame(text: string): Ask | undefined {
  const plain = /^(bind|unbind) ([A-Za-z0-9.-]{1,64})$/.exec(text.trim());
  if (plain)
    return {
      do: plain[1] === 'bind' ? 'bind' : 'unbind',
      topic: 'subscription',
      key: plain[2] ?? '',
      plain: true,
    };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { do: act, topic, key } = value as Record<string, unknown>;
  if (act !== 'bind' && act !== 'unbind') return undefined;
  if (typeof topic !== 'string' || !/^[a-z][a-z-]{0,31}$/.test(topic)) return undefined;
  if (typeof key !== 'string' || !/^[A-Za-z0-9.-]{1,64}$/.test(key)) return undefined;
  return { do: act, topic, key, plain: false };
}

export function writeFrame(say: Say, plain: boolean): string {
  return plain ? `${say.event} ${say.key}` : JSON.stringify(say);
}
