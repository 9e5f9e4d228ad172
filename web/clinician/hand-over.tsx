// A result given to a colleague of the same organisation, found by name.
import { useState } from 'react';

import { useTranslation } from 'react-i18next';
import { send } from '../api/client.ts';
import { useLastingMutation } from '../api/lasting-mutation.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { useHandOver } from '../api/results.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/text-field.tsx';

interface Colleague {
  readonly id: string;
  readonly name: string;
  readonly organization: string | null;
}

export function HandOver({ id }: { readonly id: string }) {
  const { t } = useTranslation('results');
  const problemWords = useProblemWords();
  const handOver = useHandOver(id);
  const find = useLastingMutation({
    mutationFn: (name: string) => send<readonly Colleague[]>('POST', '/api/clinicians/search', { name }),
  });
  const [name, setName] = useState('');
  const error = handOver.error ?? find.error;
  return (
    <details>
      <summary>{t('task.handOver')}</summary>
      <div className="stack-wide">
        <TextField label={t('task.colleague')} maxLength={100} onChange={setName} value={name} />
        <Button
          missing={name.trim().length < 2 ? t('task.colleagueMissing') : undefined}
          onPress={() => find.mutate(name.trim())}
        >
          {t('task.find')}
        </Button>
        {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
        {find.data?.length === 0 ? <p className="quiet">{t('task.nobody')}</p> : null}
        {find.data?.map((one) => (
          <Button key={one.id} onPress={() => handOver.mutate(one.id)}>
            {t('task.giveTo', { name: one.name, organization: one.organization ?? '' })}
          </Button>
        ))}
      </div>
    </details>
  );
}
