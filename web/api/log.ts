// The public log, as anybody may read it.
import { queryOptions } from '@tanstack/react-query';
import { get } from './client.ts';

/** Reads the number of entries from a signed checkpoint: its second line. */
export function checkpointSize(checkpoint: string): number | undefined {
  const size = checkpoint.split('\n')[1];
  return size !== undefined && /^(0|[1-9]\d{0,15})$/.test(size) ? Number(size) : undefined;
}

/** How many entries the public log has now; null when the log cannot be read. */
export const logSizeQuery = queryOptions({
  queryKey: ['log-size'],
  queryFn: async ({ signal }) => {
    const checkpoint = await get<unknown>('/log/checkpoint', { signal, accept: 'text/plain' });
    return typeof checkpoint === 'string' ? (checkpointSize(checkpoint) ?? null) : null;
  },
  retry: false,
  staleTime: 60_000,
});
