// People who ask a doctor to look after them: both sides of the question, its answer, and doors that a doctor has shut.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';
import type { Terms } from './sharing.ts';

export interface DoctorRequest {
  readonly id: string;
  /** For the one who asks. */
  readonly doctor?: { readonly id: string; readonly name: string };
  /** For the one who is asked. */
  readonly person?: { readonly patient: string; readonly uhid: string; readonly name: string };
  readonly organization: string | null;
  readonly state: 'asked' | 'accepted' | 'rejected' | 'withdrawn' | 'expired';
  readonly words: string;
  readonly offer?: Terms;
  readonly reason?: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly answeredAt: string | null;
}
export interface ShutDoor {
  readonly id: string;
  readonly name: string;
  readonly since: string;
}

const DOCTORS = ['doctors'] as const;
const one = (id: string): string => `/api/doctor-requests/${encodeURIComponent(id)}`;

/** What was asked for the record that is shown. */
export const askedDoctorsQuery = queryOptions({
  queryKey: [...DOCTORS, 'asked'],
  queryFn: ({ signal }) => get<readonly DoctorRequest[]>('/api/doctor-requests', { signal }),
  refetchInterval: 30_000,
});
/** What one is asked as a doctor. */
export const askingPatientsQuery = queryOptions({
  queryKey: [...DOCTORS, 'asking'],
  queryFn: ({ signal }) => get<readonly DoctorRequest[]>('/api/doctor-requests?to=me', { signal }),
  refetchInterval: 30_000,
});
export const shutDoorsQuery = queryOptions({
  queryKey: [...DOCTORS, 'shut'],
  queryFn: ({ signal }) => get<readonly ShutDoor[]>('/api/doctor-blocks', { signal }),
});

function useAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: act,
    onSuccess: () =>
      Promise.all(
        [DOCTORS, ['access'], ['clinic']].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}

export function useAskDoctor() {
  return useAct((asked: { readonly to: string; readonly words: string; readonly offer?: Terms }) =>
    send<{ readonly id: string; readonly expiresAt: string }>('POST', '/api/doctor-requests', asked),
  );
}
export function useWithdrawFromDoctor() {
  return useAct((id: string) => send('POST', `${one(id)}/withdraw`));
}
export function useAcceptPatient() {
  return useAct((id: string) => send<{ readonly grant?: string }>('POST', `${one(id)}/accept`));
}
export function useRejectPatient() {
  return useAct(({ id, reason }: { readonly id: string; readonly reason: string }) =>
    send('POST', `${one(id)}/reject`, { reason }),
  );
}
export function useBlockPatient() {
  return useAct((id: string) => send('POST', `${one(id)}/block`));
}
export function useOpenDoor() {
  return useAct((id: string) => send('DELETE', `/api/doctor-blocks/${encodeURIComponent(id)}`));
}
