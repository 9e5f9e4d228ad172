// The one sending of this window. It goes on while its person looks at other pages, and is nobody else's.
import { useSyncExternalStore } from 'react';
import type { Chosen } from './plan.ts';
import type { Destination, Sender } from './sender.ts';
import { startSending } from './sender.ts';
import type { Sending } from './sending.ts';

let current: { readonly sender: Sender; readonly accountId: string } | undefined;
const listeners = new Set<() => void>();

function warn(event: BeforeUnloadEvent): void {
  const phase = current?.sender.now().phase;
  if (phase === 'running' || phase === 'waiting') event.preventDefault();
}

function tell(): void {
  for (const listener of listeners) listener();
}

export function beginSending(chosen: readonly Chosen[], to: Destination): void {
  current?.sender.pause();
  const sender = startSending(chosen, to);
  sender.subscribe(tell);
  current = { sender, accountId: to.accountId };
  globalThis.addEventListener('beforeunload', warn);
  tell();
}

/** What was sent is over with, and something else can be chosen. */
export function endSending(): void {
  current?.sender.pause();
  current = undefined;
  globalThis.removeEventListener('beforeunload', warn);
  tell();
}

export interface CurrentSending {
  readonly sending: Sending;
  readonly sender: Sender;
}

/** Of this account; that of somebody who was here before is ended. */
export function useCurrentSending(accountId: string): CurrentSending | undefined {
  const sending = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (current?.accountId === accountId ? current.sender.now() : undefined),
  );
  return sending === undefined || current === undefined ? undefined : { sending, sender: current.sender };
}
