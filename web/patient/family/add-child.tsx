// A record for a child who has no sign-in: name, day of birth, and what one is to them.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Relationship } from '../../api/family.ts';
import { RELATIONSHIPS, useAddChild } from '../../api/family.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/choice.tsx';
import { DateField } from '../../ui/date-field.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { ProofRefusedError, useProof } from '../settings/proof.tsx';

export function AddChild() {
  const { t } = useTranslation('family');
  const [isOpen, setOpen] = useState(false);
  const proof = useProof();
  return (
    <>
      <Button onPress={() => setOpen(true)}>{t('child.add')}</Button>
      <Sheet onClose={() => setOpen(false)} open={isOpen} title={t('child.title')}>
        <ChildForm
          onMade={(name) => {
            setOpen(false);
            announceDone(t('child.made', { name }));
          }}
          prove={proof.prove}
        />
      </Sheet>
      {proof.sheet}
    </>
  );
}

function ChildForm({
  onMade,
  prove,
}: {
  readonly onMade: (name: string) => void;
  readonly prove: <Result>(act: () => Promise<Result>) => Promise<Result>;
}) {
  const { t } = useTranslation('family');
  const problemWords = useProblemWords();
  const add = useAddChild();
  const [name, setName] = useState('');
  const [birthDate, setBirthDate] = useState('');
  const [relationship, setRelationship] = useState<Relationship>('MTH');
  const missing =
    name.trim() === '' ? t('child.nameMissing') : birthDate === '' ? t('child.birthDateMissing') : undefined;
  const submit = async (): Promise<void> => {
    try {
      await prove(() => add.mutateAsync({ name, birthDate, relationship }));
      onMade(name.trim());
    } catch (error) {
      if (error instanceof ProofRefusedError) add.reset();
    }
  };
  return (
    <form
      className="stack-wide"
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === undefined && !add.isPending) void submit();
      }}
    >
      <p className="quiet">{t('child.what')}</p>
      {add.error === null ? null : <ErrorBand title={t('child.failed')}>{problemWords(add.error)}</ErrorBand>}
      <TextField autoCapitalize="words" label={t('child.name')} onChange={setName} value={name} />
      <DateField
        label={t('child.birthDate')}
        onChange={(reading) => setBirthDate(reading.kind === 'date' ? reading.value : '')}
      />
      <SelectField
        label={t('invite.relationship')}
        onChange={(value) => setRelationship(value ?? 'GUARD')}
        options={RELATIONSHIPS.map((value) => ({ value, label: t(`relationship.${value}`) }))}
        value={relationship}
      />
      <Button look="primary" missing={missing} type="submit" wide>
        {t('child.make')}
      </Button>
    </form>
  );
}
