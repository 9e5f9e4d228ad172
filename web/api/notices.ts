// What happened to the person's record and card, newest first. Notices never carry health content.
import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import { get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';

export interface Notice {
  readonly id: string;
  /** 'card-scan', 'contact-scan', 'card-scan-refused', 'password-changed', 'sessions-ended', … */
  readonly kind: string;
  /** Id of the entry of the log it tells of. */
  readonly entry: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly at: string;
  readonly readAt: string | null;
}
export interface NoticePage {
  readonly unread: number;
  readonly notices: readonly Notice[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

const NOTICES = ['notices'] as const;

/** How many are unread; asked again every half minute while the page is looked at, and when one comes back to it. */
export const unreadQuery = queryOptions({
  queryKey: [...NOTICES, 'unread'],
  queryFn: async ({ signal }) => (await get<NoticePage>('/api/notices?limit=1', { signal })).unread,
  refetchInterval: 30_000,
  refetchOnWindowFocus: 'always',
});

/** All notices, fifty at a time. */
export const noticesQuery = infiniteQueryOptions({
  queryKey: [...NOTICES, 'list'],
  queryFn: ({ pageParam, signal }) =>
    get<NoticePage>(
      pageParam === '' ? '/api/notices' : `/api/notices?before=${encodeURIComponent(pageParam)}`,
      {
        signal,
      },
    ),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
});

/** Marks notices as read. Doing it twice is the same as once. */
export function useMarkNoticesRead() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) {
        await send('POST', `/api/notices/${encodeURIComponent(id)}/read`, undefined, {
          triesAfterNoConnection: 1,
        });
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: NOTICES }),
  });
}
