// The emergency code that opens the second tier: set, changed, taken away; how many wrong tries are left.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { useAccessCode } from '../../api/card.ts';
import type { OwnCard } from '../../api/card.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { useFocusInvalid } from '../settings/focus-invalid.ts';
import { ProofRefusedError, useProof } from '../settings/proof.tsx';

export function AccessCode({ card }: { readonly card: OwnCard }) {
  const { t } = useTranslation('card');
  const problemWords = useProblemWords();
  const { prove, sheet } = useProof();
  const { mutateAsync } = useAccessCode();
  const [isSetting, setSetting] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const { hasAccessCode, codeTriesLeft } = card;
  const remove = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await prove(() => mutateAsync(null));
      announceDone(t('code.removed'));
    } catch (caught) {
      if (!(caught instanceof ProofRefusedError)) setError(caught as Error);
    }
    setBusy(false);
  };
  return (
    <Section id="code" title={t('code.heading')}>
      <div className="stack">
        {!hasAccessCode ? (
          <p>{t('code.none')}</p>
        ) : codeTriesLeft === 0 ? (
          <Band title={t('code.locked')} tone="caution">
            {t('code.lockedText')}
          </Band>
        ) : (
          <p>
            {t('code.set')} {t('code.triesLeft', { count: codeTriesLeft })}
          </p>
        )}
        {error === undefined ? null : <ErrorBand title={t('ask.failed')}>{problemWords(error)}</ErrorBand>}
        <div className="row">
          <Button icon="key" onPress={() => setSetting(true)}>
            {t(hasAccessCode ? 'code.change' : 'code.setNew')}
          </Button>
          {hasAccessCode ? (
            <Button busy={busy && t('ask.acting')} look="link" onPress={() => void remove()}>
              {t('code.remove')}
            </Button>
          ) : null}
        </div>
      </div>
      <Sheet onClose={() => setSetting(false)} open={isSetting} title={t('code.ask')}>
        <CodeForm onSaved={() => setSetting(false)} prove={prove} />
      </Sheet>
      {sheet}
    </Section>
  );
}

/** The code as digits: spaces and hyphens between them are allowed while typing. */
function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/[\s\u00a0-]/gu, '');
}

interface CodeFormProps {
  readonly prove: ReturnType<typeof useProof>['prove'];
  readonly onSaved: () => void;
}

function CodeForm({ prove, onSaved }: CodeFormProps) {
  const { t } = useTranslation('card');
  const problemWords = useProblemWords();
  const { mutateAsync } = useAccessCode();
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const form = useFocusInvalid(problem);
  const digits = digitsOf(code);
  const save = async (): Promise<void> => {
    if (!/^\d{6,12}$/.test(digits)) {
      setProblem(t('code.length'));
      return;
    }
    setBusy(true);
    try {
      await prove(() => mutateAsync(digits));
      onSaved();
      announceDone(t('code.saved'));
    } catch (error) {
      if (!(error instanceof ProofRefusedError)) setProblem(codeProblem(error));
    }
    setBusy(false);
  };
  const codeProblem = (error: unknown): string => {
    const reason = error instanceof ApiError ? error.fieldErrors['code'] : undefined;
    if (reason === 'too-easy') return t('code.tooEasy');
    return reason === undefined ? problemWords(error) : t('code.length');
  };
  return (
    <form
      className="stack-wide"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void save();
      }}
    >
      <p>{t('code.what')}</p>
      <TextField
        autoComplete="off"
        error={problem}
        hint={t('code.hint')}
        inputMode="numeric"
        label={t('code.label')}
        maxLength={20}
        name="access-code"
        onChange={(value) => {
          setCode(value);
          setProblem(undefined);
        }}
        value={code}
      />
      <Button busy={busy && t('ask.acting')} look="primary" type="submit" wide>
        {t('code.save')}
      </Button>
    </form>
  );
}
