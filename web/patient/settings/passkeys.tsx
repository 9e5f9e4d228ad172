// Passkeys of the account: signing in with finger, face or the device's PIN. Added and taken away here.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { passkeysQuery, passkeysWorkHere, useAddPasskey, useRemovePasskey } from '../../api/passkeys.ts';
import type { Passkey } from '../../api/passkeys.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Loading, Section } from '../../ui/section.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { ProofRefusedError, useProof } from './proof.tsx';

export function Passkeys() {
  const { t } = useTranslation(['account', 'common']);
  const problemWords = useProblemWords();
  const { data, error, refetch } = useQuery(passkeysQuery);
  const remove = useRemovePasskey();
  const { prove, sheet } = useProof();
  const [adding, setAdding] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const takeAway = async ({ id, label }: Passkey): Promise<void> => {
    setFailure(undefined);
    try {
      await prove(() => remove.mutateAsync(id));
      announceDone(t('passkeys.removed', { label }));
    } catch (caught) {
      if (!(caught instanceof ProofRefusedError)) setFailure(caught as Error);
    }
  };
  const canAdd = data?.offered === true && passkeysWorkHere();
  return (
    <Section title={t('passkeys.title')}>
      <div className="stack">
        <p>{t('passkeys.what')}</p>
        {error === null ? null : (
          <ErrorBand actions={<Button onPress={() => void refetch()}>{t('common:act.tryAgain')}</Button>}>
            {problemWords(error)}
          </ErrorBand>
        )}
        {failure === undefined ? null : (
          <ErrorBand title={t('passkeys.notRemoved')}>{problemWords(failure)}</ErrorBand>
        )}
        {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
        {data?.passkeys.length === 0 ? <p className="quiet">{t('passkeys.none')}</p> : null}
      </div>
      <ul className="rows">
        {data?.passkeys.map((passkey) => (
          <PasskeyRow key={passkey.id} onRemove={() => void takeAway(passkey)} passkey={passkey} />
        ))}
      </ul>
      {canAdd ? (
        <div className="settings-end-all">
          <Button icon="key" onPress={() => setAdding(true)}>
            {t('passkeys.add')}
          </Button>
        </div>
      ) : data === undefined ? null : (
        <p className="quiet">{t('passkeys.notHere')}</p>
      )}
      <Sheet onClose={() => setAdding(false)} open={adding} title={t('passkeys.ask')}>
        <AddForm
          onAdded={(label) => {
            setAdding(false);
            announceDone(t('passkeys.added', { label }));
          }}
          prove={prove}
        />
      </Sheet>
      {sheet}
    </Section>
  );
}

function PasskeyRow({ passkey, onRemove }: { readonly passkey: Passkey; readonly onRemove: () => void }) {
  const { t } = useTranslation('account');
  const language = useLanguage();
  const when = (instant: string) => formatDate(instant, language);
  return (
    <li className="session">
      <div>
        <p className="session-agent">{passkey.label}</p>
        <p className="quiet small">
          {passkey.lastUsedAt === null
            ? t('passkeys.since', { when: when(passkey.createdAt) })
            : t('passkeys.used', { when: when(passkey.lastUsedAt) })}{' '}
          {t(passkey.backedUp ? 'passkeys.backedUp' : 'passkeys.onlyThere')}
        </p>
      </div>
      <Button look="link" onPress={onRemove}>
        {t('passkeys.remove')}
        <span className="visually-hidden">: {passkey.label}</span>
      </Button>
    </li>
  );
}

interface AddFormProps {
  readonly onAdded: (label: string) => void;
  readonly prove: <Result>(act: () => Promise<Result>) => Promise<Result>;
}

function AddForm({ onAdded, prove }: AddFormProps) {
  const { t } = useTranslation('account');
  const problemWords = useProblemWords();
  const add = useAddPasskey();
  const [label, setLabel] = useState<string>(t('passkeys.labelSuggestion'));
  const [failure, setFailure] = useState<Error>();
  const missing = label.trim() === '' ? t('passkeys.labelMissing') : undefined;
  const act = async (): Promise<void> => {
    setFailure(undefined);
    try {
      const { label: kept } = await prove(() => add.mutateAsync(label));
      onAdded(kept);
    } catch (caught) {
      if (!(caught instanceof ProofRefusedError)) setFailure(caught as Error);
    }
  };
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === undefined && !add.isPending) void act();
      }}
    >
      {failure === undefined ? null : (
        <ErrorBand title={t('passkeys.notAdded')}>{problemWords(failure)}</ErrorBand>
      )}
      <p>{t('passkeys.how')}</p>
      <TextField
        autoComplete="off"
        hint={t('passkeys.labelHint')}
        label={t('passkeys.label')}
        maxLength={60}
        name="passkey-label"
        onChange={setLabel}
        value={label}
      />
      <Button
        busy={add.isPending && t('passkeys.waiting')}
        look="primary"
        missing={missing}
        type="submit"
        wide
      >
        {t('passkeys.act')}
      </Button>
    </form>
  );
}
