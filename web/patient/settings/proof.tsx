// The password once more before a sensitive act, and the second factor where there is one: asks in a sheet when the server wants it, then
// repeats the act.
import { useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { sendProofCode, useProveSecond } from '../../api/factors.ts';
import type { SecondStep as Step } from '../../api/factors.ts';
import { passkeysQuery, passkeysWorkHere, useProveWithPasskey } from '../../api/passkeys.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { useReauthenticate, useSignedIn } from '../../api/session.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { SecondStep } from '../../ui/second-step.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { PasswordField } from '../../ui/text-field.tsx';
import { useFocusInvalid } from './focus-invalid.ts';

/** The person closed the sheet: nothing was done, and nothing needs to be said. */
export class ProofRefusedError extends Error {
  override readonly name = 'ProofRefusedError';
}

export interface Proof {
  /** Does the act; asks for the password first where that is wanted. Rejects with ProofRefusedError when it is not given. */
  readonly prove: <Result>(act: () => Promise<Result>) => Promise<Result>;
  /** To be put somewhere into the page. */
  readonly sheet: ReactNode;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export function useProof(): Proof {
  const [open, setOpen] = useState(false);
  const waiting = useRef<Waiting>(null);
  const end = (settle: (waiting: Waiting) => void): void => {
    const asked = waiting.current;
    waiting.current = null;
    setOpen(false);
    if (asked !== null) settle(asked);
  };
  return {
    prove: async (act) => {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'reauthentication-required') throw error;
      }
      await new Promise<void>((resolve, reject) => {
        waiting.current = { resolve, reject };
        setOpen(true);
      });
      return act();
    },
    sheet: (
      <PasswordSheet
        onClose={() => end((asked) => asked.reject(new ProofRefusedError()))}
        onProved={() => end((asked) => asked.resolve())}
        open={open}
      />
    ),
  };
}

interface PasswordSheetProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onProved: () => void;
}

function PasswordSheet({ open, onClose, onProved }: PasswordSheetProps) {
  const { t } = useTranslation(['account', 'common']);
  const [step, setStep] = useState<Step>();
  const done = (): void => {
    setStep(undefined);
    onProved();
  };
  const close = (): void => {
    setStep(undefined);
    onClose();
  };
  return (
    <Sheet
      onClose={close}
      open={open}
      title={step === undefined ? t('proof.title') : t('common:second.title')}
    >
      {step === undefined ? (
        <>
          <PasswordForm onProved={done} onStep={setStep} />
          <PasskeyProof onProved={done} />
        </>
      ) : (
        <SecondStepOfProof onProved={done} step={step} />
      )}
    </Sheet>
  );
}

function SecondStepOfProof({ step, onProved }: { readonly step: Step; readonly onProved: () => void }) {
  const problemWords = useProblemWords();
  const second = useProveSecond();
  return (
    <SecondStep
      busy={second.isPending}
      factors={step.factors}
      onCode={(factor, code) => second.mutate({ token: step.token, factor, code }, { onSuccess: onProved })}
      onSendMail={() => sendProofCode(step.token)}
      onTyped={() => second.reset()}
      passkey={passkeysWorkHere() ? <PasskeyProof onProved={onProved} /> : undefined}
      problem={second.isError ? problemWords(second.error) : undefined}
    />
  );
}

function PasswordForm({
  onProved,
  onStep,
}: {
  readonly onProved: () => void;
  readonly onStep: (step: Step) => void;
}) {
  const { t } = useTranslation('account');
  const problemWords = useProblemWords();
  const { login } = useSignedIn().account;
  const reauthenticate = useReauthenticate();
  const [password, setPassword] = useState('');
  const { error, isPending } = reauthenticate;
  const form = useFocusInvalid(error);
  return (
    <form
      className="stack-wide"
      ref={form}
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPending && password !== '')
          reauthenticate.mutate(password, {
            // 201 without a step: the password was enough.
            onSuccess: ({ secondStep }) => (secondStep === undefined ? onProved() : onStep(secondStep)),
          });
      }}
    >
      <p>{t('proof.why')}</p>
      {/* Password managers find the right password by the name beside it. */}
      <input autoComplete="username" hidden name="login" readOnly value={login} />
      <PasswordField
        autoComplete="current-password"
        error={error === null ? undefined : isWrongPassword(error) ? t('proof.wrong') : problemWords(error)}
        label={t('proof.password')}
        onChange={(value) => {
          setPassword(value);
          reauthenticate.reset();
        }}
        value={password}
      />
      <Button
        busy={isPending && t('proof.checking')}
        look="primary"
        missing={password === '' ? t('proof.missing') : undefined}
        type="submit"
        wide
      >
        {t('proof.goOn')}
      </Button>
    </form>
  );
}

/** In place of the password, where the account has a passkey and this browser can use it. */
function PasskeyProof({ onProved }: { readonly onProved: () => void }) {
  const { t } = useTranslation('account');
  const problemWords = useProblemWords();
  const { data } = useQuery(passkeysQuery);
  const proof = useProveWithPasskey();
  if (data === undefined || data.passkeys.length === 0 || !passkeysWorkHere()) return null;
  return (
    <div className="stack proof-passkey">
      {proof.isError ? (
        <ErrorBand title={t('proof.passkeyFailed')}>{problemWords(proof.error)}</ErrorBand>
      ) : null}
      <Button
        busy={proof.isPending && t('passkeys.waiting')}
        icon="key"
        onPress={() => proof.mutate(undefined, { onSuccess: onProved })}
        wide
      >
        {t('proof.passkey')}
      </Button>
    </div>
  );
}

export function isWrongPassword(error: Error): boolean {
  return error instanceof ApiError && error.code === 'password-wrong';
}
