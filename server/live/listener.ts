// Hears what any process of the database announces on the channel of live events, over a connection of its own that is made again when lost.
import pg from 'pg';
import type { Deps } from '../http/deps.ts';
import { listenStatement } from '../storage/live.ts';

export interface LiveMessage {
  topic: string;
  key: string;
  about: Record<string, unknown>;
}

export interface Listener {
  stop(): Promise<void>;
}

const retryMs = 1000;

export function startListener(
  deps: Pick<Deps, 'db' | 'log'>,
  heard: (message: LiveMessage) => void,
): Listener {
  let stopped = false;
  let current: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const client = new pg.Client({ ...deps.db.connection, query_timeout: 0, statement_timeout: 0 });
    current = client;
    let gone = false;
    const lost = () => {
      if (gone) return;
      gone = true;
      client.end().catch(() => undefined);
      if (!stopped) timer = setTimeout(() => void connect(), retryMs);
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload }) => {
      const message = readMessage(payload ?? '');
      if (message) heard(message);
    });
    try {
      await client.connect();
      await client.query(listenStatement);
    } catch (error) {
      deps.log.warn({ code: (error as { code?: string }).code }, 'live events are not heard; trying again');
      lost();
    }
  };
  void connect();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await current?.end().catch(() => undefined);
    },
  };
}

function readMessage(text: string): LiveMessage | undefined {
  try {
    const { topic, key, about } = JSON.parse(text) as Partial<LiveMessage>;
    return typeof topic === 'string' && typeof key === 'string'
      ? { topic, key, about: about ?? {} }
      : undefined;
  } catch {
    return undefined;
  }
}
