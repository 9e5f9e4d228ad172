// Passkeys: the browser's dialogue between what the server asks and what it is answered. The device keeps the private key.
import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { ApiError, get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';
import { arrive } from './session.ts';
import type { Me } from './session.ts';

export interface Passkey {
  readonly id: string;
  readonly label: string;
  /** Kept beyond this one device, so that losing it does not lose the passkey. */
  readonly backedUp: boolean;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

export const passkeysQuery = queryOptions({
  queryKey: ['passkeys'],
  queryFn: ({ signal }) =>
    get<{ readonly offered: boolean; readonly passkeys: readonly Passkey[] }>('/api/passkeys', { signal }),
});

/** This browser can make and use passkeys on this page. */
export function passkeysWorkHere(): boolean {
  return window.isSecureContext && browserSupportsWebAuthn();
}

/** What the browser's own dialogue ended with, as an error of ours: `passkey-cancelled`, `passkey-known-here`, `passkey-failed-here`. */
function dialogueError(error: unknown): Error {
  if (error instanceof ApiError) return error;
  const name = error instanceof Error ? error.name : '';
  const code =
    name === 'InvalidStateError'
      ? 'passkey-known-here'
      : name === 'NotAllowedError' || name === 'AbortError'
        ? 'passkey-cancelled'
        : 'passkey-failed-here';
  return new ApiError({ status: 0, code, title: '' });
}

async function answerOf<Answer>(dialogue: () => Promise<Answer>): Promise<Answer> {
  try {
    return await dialogue();
  } catch (error) {
    throw dialogueError(error);
  }
}

/** Closes a dialogue of the browser that is still open. */
export function endPasskeyDialogue(): void {
  WebAuthnAbortService.cancelCeremony();
}

/** Sensitive: may ask for a fresh proof first. */
export function useAddPasskey() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: async (label: string) => {
      const optionsJSON = await send<PublicKeyCredentialCreationOptionsJSON>('POST', '/api/passkeys/options');
      const credential = await answerOf(() => startRegistration({ optionsJSON }));
      return send<Passkey>('POST', '/api/passkeys', { label, credential });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: passkeysQuery.queryKey }),
  });
}

/** Sensitive: may ask for a fresh proof first. */
export function useRemovePasskey() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (id: string) => send('DELETE', `/api/passkeys/${encodeURIComponent(id)}`),
    onSettled: () => queries.invalidateQueries({ queryKey: passkeysQuery.queryKey }),
  });
}

/** What the device answers when it is asked at this address. */
export async function answerTo(address: string): Promise<unknown> {
  const optionsJSON = await send<PublicKeyCredentialRequestOptionsJSON>('POST', `${address}/options`);
  return answerOf(() => startAuthentication({ optionsJSON }));
}

/** The device offers the accounts it knows; nothing is typed. */
export function useSignInWithPasskey() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: async () => {
      const credential = await answerTo('/api/sessions/passkey');
      return send<Me>('POST', '/api/sessions/passkey', { credential });
    },
    onSuccess: (me) => {
      arrive(queries, me);
    },
  });
}

/** In place of the password, before a sensitive change. */
export function useProveWithPasskey() {
  return useLastingMutation({
    mutationFn: async () => {
      const credential = await answerTo('/api/reauthenticate/passkey');
      return send('POST', '/api/reauthenticate/passkey', { credential });
    },
  });
}
