// Records that may be of one person: likely duplicates, proposals to join two, and what each side says.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';

export interface Merge {
  readonly id: string;
  readonly survivor: string;
  readonly merged: string;
  readonly organization: string | null;
  readonly state: 'proposed' | 'merged' | 'undone' | 'refused' | 'expired';
  readonly reason: string;
  readonly proposedAt: string;
  readonly expiresAt: string;
  readonly waitsFor: { readonly officer: boolean; readonly survivor: boolean; readonly merged: boolean };
  /** Of an officer's list. */
  readonly maySecond?: boolean;
  /** Of one's own: whether the own record is the one that stays, and whether one said yes. */
  readonly stays?: boolean;
  readonly agreed?: boolean;
}
export interface Duplicate {
  readonly enrolled: string;
  readonly other: string;
  readonly grade: 'certain' | 'probable';
}

const MERGES = ['merges'] as const;

export const mergesAtWorkQuery = queryOptions({
  queryKey: [...MERGES, 'at-work'],
  queryFn: ({ signal }) => get<readonly Merge[]>('/api/merges?at=work', { signal }),
});
export const ownMergesQuery = queryOptions({
  queryKey: [...MERGES, 'own'],
  queryFn: ({ signal }) => get<readonly Merge[]>('/api/merges', { signal }),
});

function useMerging<Input, Output>(act: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: act,
    onSuccess: () => queries.invalidateQueries({ queryKey: MERGES }),
  });
}

/** Leaves an entry with everybody who is found: only when asked for. */
export function useFindDuplicates() {
  return useLastingMutation({ mutationFn: () => send<readonly Duplicate[]>('POST', '/api/duplicates') });
}
export function useProposeMerge() {
  return useMerging(
    (proposed: { readonly survivor: string; readonly merged: string; readonly reason: string }) =>
      send<{ readonly id: string }>('POST', '/api/merges', proposed),
  );
}
/** @param patient for whom one speaks, where it is not oneself */
export function useAnswerMerge(patient?: string) {
  return useMerging(({ id, how }: { readonly id: string; readonly how: 'second' | 'agree' | 'refuse' }) =>
    send('POST', `/api/merges/${encodeURIComponent(id)}/${how}`, patient === undefined ? {} : { patient }),
  );
}
export function useUndoMerge(patient?: string) {
  return useMerging(
    (undone: { readonly id: string; readonly reason: string; readonly move?: readonly string[] }) => {
      const { id, ...body } = undone;
      return send(
        'POST',
        `/api/merges/${encodeURIComponent(id)}/undo`,
        patient === undefined ? body : { ...body, patient },
      );
    },
  );
}
