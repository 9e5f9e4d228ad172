// The readable alias: chosen from suggestions or written, taken at once, given back. It opens nothing.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ALIAS_MAX_LENGTH, checkAlias } from '../../../core/card/alias.ts';
import { aliasQuery, useSaveAlias } from '../../api/account.ts';
import { ApiError } from '../../api/client.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { useSignedIn } from '../../api/session.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { useFocusInvalid } from './focus-invalid.ts';

export function Alias() {
  const { t } = useTranslation('account');
  const problemWords = useProblemWords();
  const { alias } = useSignedIn().account;
  const [isOpen, setOpen] = useState(false);
  const save = useSaveAlias();
  const put = (next: string | null, words: string): void =>
    save.mutate(next, { onSuccess: () => announceDone(words) });
  return (
    <Section title={t('alias.title')}>
      <div className="stack">
        {alias === undefined ? (
          <p className="quiet">{t('alias.none')}</p>
        ) : (
          <p className="settings-alias">{alias}</p>
        )}
        <p>{t('alias.what')}</p>
        {save.isError ? <ErrorBand title={t('alias.failed')}>{problemWords(save.error)}</ErrorBand> : null}
        <div className="row">
          <Button onPress={() => setOpen(true)}>
            {t(alias === undefined ? 'alias.choose' : 'alias.change')}
          </Button>
          {alias === undefined ? null : (
            <Button
              busy={save.isPending && t('saving')}
              look="link"
              onPress={() =>
                save.mutate(null, {
                  onSuccess: () =>
                    announceDone(t('alias.removed'), () => put(alias, t('alias.saved', { alias }))),
                })
              }
            >
              {t('alias.remove')}
            </Button>
          )}
        </div>
      </div>
      <Sheet onClose={() => setOpen(false)} open={isOpen} title={t('alias.ask')}>
        <AliasForm
          current={alias}
          onSaved={(saved) => {
            setOpen(false);
            announceDone(t('alias.saved', { alias: saved }));
          }}
        />
      </Sheet>
    </Section>
  );
}

interface AliasFormProps {
  readonly current: string | undefined;
  readonly onSaved: (alias: string) => void;
}

function AliasForm({ current, onSaved }: AliasFormProps) {
  const { t } = useTranslation('account');
  const problemWords = useProblemWords();
  const { data } = useQuery(aliasQuery);
  const save = useSaveAlias();
  const [alias, setAlias] = useState(current ?? '');
  const [tried, setTried] = useState(false);
  const checked = checkAlias(alias.trim());
  const shapeProblem = tried && !checked.ok ? t(`alias.problem.${checked.problem}`) : undefined;
  const refusal =
    save.error === null
      ? undefined
      : save.error instanceof ApiError && save.error.code === 'alias-taken'
        ? t('alias.taken')
        : problemWords(save.error);
  const form = useFocusInvalid(shapeProblem ?? refusal);
  const suggestions = data?.suggestions.filter((each) => each !== current) ?? [];
  return (
    <form
      className="stack-wide"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (checked.ok && !save.isPending) {
          save.mutate(checked.alias, { onSuccess: () => onSaved(checked.alias) });
        }
      }}
    >
      <TextField
        autoCapitalize="none"
        autoComplete="off"
        error={shapeProblem ?? refusal}
        hint={t('alias.hint')}
        label={t('alias.label')}
        maxLength={ALIAS_MAX_LENGTH}
        name="alias"
        onChange={(value) => {
          setAlias(value);
          save.reset();
        }}
        spellCheck={false}
        value={alias}
      />
      {suggestions.length === 0 ? null : (
        <div>
          <p className="quiet" id="alias-suggestions">
            {t('alias.free')}
          </p>
          <ul aria-labelledby="alias-suggestions" className="alias-suggestions">
            {suggestions.map((suggestion) => (
              <li key={suggestion}>
                <Button
                  onPress={() => {
                    setAlias(suggestion);
                    save.reset();
                  }}
                >
                  {suggestion}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Button busy={save.isPending && t('saving')} look="primary" type="submit" wide>
        {alias.trim() === '' ? t('alias.take') : t('alias.takeThis', { alias: alias.trim() })}
      </Button>
    </form>
  );
}
