// A pre-printed blank card becomes one's own, by the claim code that is printed beside its picture.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { useClaimCard } from '../../api/card.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { useFocusInvalid } from '../settings/focus-invalid.ts';
import { ProofRefusedError, useProof } from '../settings/proof.tsx';

export function ClaimCard() {
  const { t } = useTranslation('card');
  const { prove, sheet } = useProof();
  const [isOpen, setOpen] = useState(false);
  return (
    <Section id="claim" title={t('claim.heading')}>
      <div className="stack">
        <p>{t('claim.what')}</p>
        <Button icon="card" onPress={() => setOpen(true)}>
          {t('claim.open')}
        </Button>
      </div>
      <Sheet onClose={() => setOpen(false)} open={isOpen} title={t('claim.ask')}>
        <ClaimForm onClaimed={() => setOpen(false)} prove={prove} />
      </Sheet>
      {sheet}
    </Section>
  );
}

interface ClaimFormProps {
  readonly prove: ReturnType<typeof useProof>['prove'];
  readonly onClaimed: () => void;
}

function ClaimForm({ prove, onClaimed }: ClaimFormProps) {
  const { t } = useTranslation('card');
  const problemWords = useProblemWords();
  const { mutateAsync } = useClaimCard();
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const form = useFocusInvalid(problem);
  const claim = async (): Promise<void> => {
    setBusy(true);
    try {
      const { number } = await prove(() => mutateAsync(code.trim()));
      onClaimed();
      announceDone(t('claim.done', { number }));
    } catch (error) {
      if (!(error instanceof ProofRefusedError)) {
        const unknown = error instanceof ApiError && error.code === 'claim-code';
        setProblem(unknown ? t('claim.unknown') : problemWords(error));
      }
    }
    setBusy(false);
  };
  return (
    <form
      className="stack-wide"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && code.trim() !== '') void claim();
      }}
    >
      <p>{t('claim.text')}</p>
      <TextField
        autoCapitalize="none"
        autoComplete="off"
        error={problem}
        hint={t('claim.hint')}
        label={t('claim.label')}
        maxLength={40}
        name="claim-code"
        onChange={(value) => {
          setCode(value);
          setProblem(undefined);
        }}
        spellCheck={false}
        value={code}
      />
      <Button
        busy={busy && t('ask.acting')}
        look="primary"
        missing={code.trim() === '' ? t('claim.missing') : undefined}
        type="submit"
        wide
      >
        {t('claim.act')}
      </Button>
    </form>
  );
}
