// Finding a doctor by name, hospital or town, among those whose licence was checked.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { useFindClinicians } from '../../api/sharing.ts';
import type { Clinician } from '../../api/sharing.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { TextField } from '../../ui/text-field.tsx';

interface FindClinicianProps {
  readonly value: Clinician | undefined;
  readonly onChosen: (clinician: Clinician | undefined) => void;
}

export function FindClinician({ value, onChosen }: FindClinicianProps) {
  const { t } = useTranslation('sharing');
  const problemWords = useProblemWords();
  const [name, setName] = useState('');
  const find = useFindClinicians();
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        onChosen(undefined);
        find.mutate(name);
      }}
    >
      <TextField
        hint={t('new.findHint')}
        label={t('new.find')}
        maxLength={100}
        onChange={setName}
        value={name}
      />
      <Button busy={find.isPending && t('new.finding')} icon="search" type="submit">
        {t('new.findAct')}
      </Button>
      {find.isError ? <ErrorBand key={find.failureCount}>{problemWords(find.error)}</ErrorBand> : null}
      {find.data?.length === 0 ? <p className="quiet">{t('new.foundNobody')}</p> : null}
      {find.data === undefined || find.data.length === 0 ? null : (
        <Choice
          label={t('new.found')}
          onChange={(id) => onChosen(find.data.find((each) => each.id === id))}
          options={find.data.map((each) => ({
            value: each.id,
            label: each.name,
            ...(each.organization === null ? {} : { hint: placeWords(each) }),
          }))}
          value={value?.id}
        />
      )}
    </form>
  );
}

const placeWords = ({ organization, place }: Clinician): string =>
  [organization, place].filter((each) => each !== null).join(', ');
