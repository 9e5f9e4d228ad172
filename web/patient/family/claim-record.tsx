// Looking after somebody whose record was begun at a front desk: number and code from the sheet, and what one is to them.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { useClaimAsGuardian } from '../../api/desk.ts';
import type { Relationship } from '../../api/family.ts';
import { RELATIONSHIPS } from '../../api/family.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/choice.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { ProofRefusedError, useProof } from '../settings/proof.tsx';

export function ClaimRecord() {
  const { t } = useTranslation('family');
  const problemWords = useProblemWords();
  const [isOpen, setOpen] = useState(false);
  const [uhid, setUhid] = useState('');
  const [code, setCode] = useState('');
  const [relationship, setRelationship] = useState<Relationship>('CHILD');
  const claim = useClaimAsGuardian();
  const { prove, sheet } = useProof();
  const missing =
    uhid.replace(/\D/g, '').length < 14 || code.replace(/[\s-]/g, '').length < 10
      ? t('claim.missing')
      : undefined;
  const submit = async (): Promise<void> => {
    try {
      const { patient } = await prove(() => claim.mutateAsync({ uhid, code, relationship }));
      setOpen(false);
      announceDone(t('claim.done', { name: patient.name ?? uhid }));
    } catch (error) {
      if (error instanceof ProofRefusedError) claim.reset();
    }
  };
  return (
    <>
      <Button onPress={() => setOpen(true)}>{t('claim.open')}</Button>
      <Sheet onClose={() => setOpen(false)} open={isOpen} title={t('claim.title')}>
        <form
          className="stack-wide"
          method="post"
          onSubmit={(event) => {
            event.preventDefault();
            if (missing === undefined && !claim.isPending) void submit();
          }}
        >
          <p className="quiet">{t('claim.what')}</p>
          {claim.error === null ? null : (
            <ErrorBand title={t('claim.failed')}>
              {claim.error instanceof ApiError && claim.error.code === 'claim-wrong'
                ? t('claim.wrong')
                : problemWords(claim.error)}
            </ErrorBand>
          )}
          <TextField
            autoComplete="off"
            inputMode="numeric"
            label={t('claim.uhid')}
            maxLength={24}
            onChange={setUhid}
            value={uhid}
          />
          <TextField
            autoCapitalize="none"
            autoComplete="off"
            label={t('claim.code')}
            maxLength={16}
            onChange={setCode}
            spellCheck={false}
            value={code}
          />
          <SelectField
            label={t('invite.relationship')}
            onChange={(value) => setRelationship(value ?? 'FAMMEMB')}
            options={RELATIONSHIPS.map((value) => ({ value, label: t(`relationship.${value}`) }))}
            value={relationship}
          />
          <Button
            busy={claim.isPending && t('claim.working')}
            look="primary"
            missing={missing}
            type="submit"
            wide
          >
            {t('claim.act')}
          </Button>
        </form>
      </Sheet>
      {sheet}
    </>
  );
}
