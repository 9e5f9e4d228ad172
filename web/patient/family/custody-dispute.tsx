// A dispute over custody of the one acted for: said by any guardian, taken back by whoever said it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Family } from '../../api/family.ts';
import { useRaiseDispute, useWithdrawDispute } from '../../api/family.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { lookedAfter, useSignedIn } from '../../api/session.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { ProofRefusedError, useProof } from '../settings/proof.tsx';

export function CustodyDispute({ family }: { readonly family: Family }) {
  const { t } = useTranslation('family');
  const problemWords = useProblemWords();
  const me = useSignedIn();
  const raise = useRaiseDispute();
  const withdraw = useWithdrawDispute();
  const { prove, sheet } = useProof();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const { dispute } = family;
  const isOther = lookedAfter({ ...me, patient: me.self }) !== undefined;
  if (!isOther && dispute === undefined) return null;
  const failure = raise.error ?? withdraw.error;
  const act = async (doIt: () => Promise<boolean>, words: string): Promise<void> => {
    try {
      await prove(doIt);
      setOpen(false);
      announceDone(words);
    } catch (error) {
      if (error instanceof ProofRefusedError) raise.reset();
    }
  };
  return (
    <Section title={t('dispute.title')}>
      <div className="stack">
        {failure === null || failure instanceof ProofRefusedError ? null : (
          <ErrorBand title={t('who.failed')}>{problemWords(failure)}</ErrorBand>
        )}
        {dispute === undefined ? null : (
          <Band
            title={t('dispute.open', { name: dispute.raisedBy, reason: dispute.reason })}
            tone="caution"
          />
        )}
        <p className="quiet">{t('dispute.what')}</p>
        {dispute === undefined ? (
          <Button onPress={() => setOpen(true)}>{t('dispute.title')}</Button>
        ) : dispute.byYou ? (
          <Button onPress={() => void act(() => withdraw.mutateAsync(undefined), t('dispute.withdrawn'))}>
            {t('dispute.withdraw')}
          </Button>
        ) : null}
      </div>
      <Sheet onClose={() => setOpen(false)} open={isOpen} title={t('dispute.title')}>
        <form
          className="stack-wide"
          method="post"
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim().length >= 3) void act(() => raise.mutateAsync(reason), t('dispute.raised'));
          }}
        >
          <TextField
            label={t('dispute.reason')}
            lines={3}
            maxLength={500}
            onChange={setReason}
            value={reason}
          />
          <Button
            look="primary"
            missing={reason.trim().length < 3 ? t('dispute.reasonMissing') : undefined}
            type="submit"
            wide
          >
            {t('dispute.raise')}
          </Button>
        </form>
      </Sheet>
      {sheet}
    </Section>
  );
}
