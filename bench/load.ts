// A closed loop: each connection sends its next request when the last answer has been read. Latency around each request.
import { openConnection } from './connection.ts';

export interface Load {
  requests: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

export interface LoadOptions {
  url: string;
  connections: number;
  seconds: number;
  /** Next request of one connection. */
  next: (connection: number) => Buffer;
  expect: readonly number[];
}

/** Throws when an answer has another status than expected: a fast error is no result. */
export async function measure({ url, connections, seconds, next, expect }: LoadOptions): Promise<Load> {
  const latencies: number[] = [];
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(url)));
  const beginMs = performance.now();
  const endMs = beginMs + seconds * 1000;
  try {
    await Promise.all(
      open.map(async (connection, index) => {
        while (performance.now() < endMs) {
          const bytes = next(index);
          const sentMs = performance.now();
          const { status, body } = await connection.send(bytes);
          latencies.push(performance.now() - sentMs);
          if (!expect.includes(status))
            throw new Error(
              `${bytes.toString('latin1', 0, 60)}… was answered with ${status}: ${body.toString('utf8', 0, 300)}`,
            );
        }
      }),
    );
  } finally {
    for (const connection of open) connection.close();
  }
  const elapsedSeconds = (performance.now() - beginMs) / 1000;
  latencies.sort((a, b) => a - b);
  return {
    requests: latencies.length,
    perSecond: latencies.length / elapsedSeconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Each figure is the median of the rounds: one disturbed round says nothing. */
export function medianLoad(rounds: readonly Load[]): Load {
  return {
    requests: median(rounds.map((one) => one.requests)),
    perSecond: median(rounds.map((one) => one.perSecond)),
    p50: median(rounds.map((one) => one.p50)),
    p99: median(rounds.map((one) => one.p99)),
  };
}
