// What the desk enters of somebody: a name, what is known of the birth date, perhaps how to reach them. A likeness with somebody who is here
// is said without saying with whom.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import type { Enrolled, NewPerson } from '../api/desk.ts';
import { useEnrol } from '../api/desk.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { DateField } from '../ui/date-field.tsx';
import { TextField } from '../ui/text-field.tsx';

const GENDERS = ['female', 'male', 'other', 'unknown'] as const;

export function EnrolForm({ onMade }: { readonly onMade: (made: Enrolled) => void }) {
  const { t } = useTranslation('desk');
  const problemWords = useProblemWords();
  const [name, setName] = useState('');
  const [birthDate, setBirthDate] = useState('');
  const [gender, setGender] = useState<NewPerson['gender']>();
  const [phone, setPhone] = useState('');
  const [address, setAddress] = useState('');
  const enrol = useEnrol();
  const { error } = enrol;
  const alike = error instanceof ApiError && error.code === 'possible-duplicate';
  const missing = name.trim() === '' ? 'name' : birthDate === '' ? 'birthDate' : undefined;
  const send = (sure: boolean): void =>
    enrol.mutate(
      {
        name,
        birthDate,
        ...(gender === undefined ? {} : { gender }),
        ...(phone.trim() === '' ? {} : { phone }),
        ...(address.trim() === '' ? {} : { address }),
        ...(sure ? { sure } : {}),
      },
      { onSuccess: onMade },
    );
  const edit = (set: (value: string) => void) => (value: string) => {
    set(value);
    enrol.reset();
  };
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === undefined && !enrol.isPending) send(false);
      }}
    >
      <TextField
        autoCapitalize="words"
        autoComplete="off"
        label={t('enrol.name')}
        onChange={edit(setName)}
        value={name}
      />
      <DateField
        hint={t('enrol.birthDateHint')}
        label={t('enrol.birthDate')}
        onChange={(reading) => edit(setBirthDate)(reading.kind === 'date' ? reading.value : '')}
        precision="year"
      />
      <Choice
        label={t('enrol.gender')}
        onChange={setGender}
        optional
        options={GENDERS.map((value) => ({ value, label: t(`gender.${value}`) }))}
        side
        value={gender}
      />
      <TextField
        autoComplete="off"
        hint={t('enrol.phoneHint')}
        inputMode="tel"
        label={t('enrol.phone')}
        onChange={edit(setPhone)}
        optional
        value={phone}
      />
      <TextField
        autoComplete="off"
        label={t('enrol.address')}
        onChange={edit(setAddress)}
        optional
        value={address}
      />
      {alike ? (
        <Band
          actions={<Button onPress={() => send(true)}>{t('enrol.sure')}</Button>}
          title={t('enrol.alike')}
          tone="caution"
        >
          {t('enrol.alikeWhat')}
        </Band>
      ) : error === null ? null : (
        <ErrorBand title={t('enrol.failed')}>{problemWords(error)}</ErrorBand>
      )}
      <Button
        busy={enrol.isPending && t('working')}
        look="primary"
        missing={missing === undefined ? undefined : t(`missing.${missing}`)}
        type="submit"
      >
        {t('enrol.act')}
      </Button>
    </form>
  );
}
