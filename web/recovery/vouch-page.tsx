// Vouching for somebody who lost every way in: a guardian, a desk that looked at their papers, a colleague beside it.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { workQuery } from '../api/clinic.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { recoveriesQuery, useBeginAtDesk, useVouch } from '../api/recovery.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { CopyValue } from '../ui/copy-value.tsx';
import { NotProvedError, useProve } from '../ui/prove.ts';
import { PageTitle, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import './recovery.css';

export function VouchPage() {
  const { t } = useTranslation('recovery');
  const { uhid = '' } = useSearch({ strict: false });
  const { data: work } = useQuery(workQuery);
  const { data } = useQuery(recoveriesQuery);
  const [chosen, setChosen] = useState(uhid);
  const language = useLanguage();
  const isDesk = work?.memberships.some(({ role }) => role === 'desk' || role === 'records') === true;
  const others = data?.others ?? [];
  return (
    <div className="recovery">
      <PageTitle lead={t('vouch.lead')}>{t('vouch.title')}</PageTitle>
      {others.length === 0 ? null : (
        <Section title={t('vouch.asking')}>
          <ul className="rows">
            {others.map((one) => (
              <li className="recovery-row" key={one.id}>
                <div>
                  <p className="recovery-name">{one.name}</p>
                  <p className="quiet small">
                    {t(one.atDesk ? 'vouch.atDesk' : 'vouch.byPage', {
                      when: formatDateTime(one.begunAt, language),
                    })}
                  </p>
                </div>
                {one.vouchedByYou ? (
                  <span className="quiet">{t('vouch.byYou')}</span>
                ) : (
                  <Button look="link" onPress={() => setChosen(one.uhid)}>
                    {t('vouch.choose', { name: one.name })}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('vouch.form')}>
        <VouchForm key={chosen} uhid={chosen} />
      </Section>
      {isDesk ? (
        <Section title={t('desk.title')}>
          <DeskForm />
        </Section>
      ) : null}
    </div>
  );
}

function useProvedAct(): [Error | undefined, (act: () => Promise<unknown>) => Promise<void>] {
  const prove = useProve();
  const [failure, setFailure] = useState<Error>();
  return [
    failure,
    async (act) => {
      setFailure(undefined);
      try {
        await prove(act);
      } catch (caught) {
        if (!(caught instanceof NotProvedError)) setFailure(caught as Error);
      }
    },
  ];
}

function VouchForm({ uhid: given }: { readonly uhid: string }) {
  const { t } = useTranslation('recovery');
  const vouch = useVouch();
  const [failure, act] = useProvedAct();
  const [uhid, setUhid] = useState(given);
  const [number, setNumber] = useState('');
  const isWhole = uhid.replace(/\D/g, '').length === 14 && number.replace(/\D/g, '').length === 6;
  return (
    <form
      className="stack-wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole && !vouch.isPending) void act(() => vouch.mutateAsync({ uhid, number }));
      }}
    >
      <Failure error={failure} />
      {vouch.isSuccess ? (
        <Band announce tone="ok">
          {t(vouch.data.enough ? 'vouch.enough' : 'vouch.oneMore')}
        </Band>
      ) : null}
      <TextField
        autoComplete="off"
        inputMode="numeric"
        label={t('uhid')}
        maxLength={24}
        name="uhid"
        onChange={setUhid}
        value={uhid}
      />
      <TextField
        autoComplete="off"
        hint={t('vouch.numberHint')}
        inputMode="numeric"
        label={t('vouch.number')}
        maxLength={12}
        name="number"
        onChange={setNumber}
        value={number}
      />
      <Button
        busy={vouch.isPending && t('vouch.busy')}
        look="primary"
        missing={isWhole ? undefined : t('vouch.missing')}
        type="submit"
      >
        {t('vouch.act')}
      </Button>
    </form>
  );
}

/** The person stands there with their papers and has nothing else. */
function DeskForm() {
  const { t } = useTranslation('recovery');
  const begin = useBeginAtDesk();
  const [failure, act] = useProvedAct();
  const [uhid, setUhid] = useState('');
  const isWhole = uhid.replace(/\D/g, '').length === 14;
  if (begin.isSuccess)
    return (
      <div className="stack-wide">
        <Band announce tone="ok">
          {t('desk.begun')}
        </Band>
        <p className="recovery-number">{`${begin.data.number.slice(0, 3)} ${begin.data.number.slice(3)}`}</p>
        <p>{t('desk.numberFor')}</p>
        <ul className="recovery-keep">
          <CopyValue label={t('desk.link')} value={begin.data.link} />
        </ul>
        <p className="quiet">{t('desk.linkFor')}</p>
      </div>
    );
  return (
    <form
      className="stack-wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole && !begin.isPending) void act(() => begin.mutateAsync(uhid));
      }}
    >
      <p>{t('desk.what')}</p>
      <Failure error={failure} />
      <TextField
        autoComplete="off"
        inputMode="numeric"
        label={t('desk.uhid')}
        maxLength={24}
        name="desk-uhid"
        onChange={setUhid}
        value={uhid}
      />
      <Button
        busy={begin.isPending && t('vouch.busy')}
        missing={isWhole ? undefined : t('desk.missing')}
        type="submit"
      >
        {t('desk.act')}
      </Button>
    </form>
  );
}

function Failure({ error }: { readonly error: Error | undefined }): ReactNode {
  const problemWords = useProblemWords();
  return error === undefined ? null : <ErrorBand>{problemWords(error)}</ErrorBand>;
}
