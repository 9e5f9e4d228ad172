// One entry of the organisation, value by value, to be put right with a reason: a new version, and the old one stays.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { canonicalJson, parseJson } from '../../core/fhir/json.ts';
import type { KeptEntry } from '../api/corrections.ts';
import { keptEntryQuery, useAmendEntry } from '../api/corrections.ts';
import { useTypeWords } from '../api/entry-words.ts';
import { paths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { announceDone } from '../ui/toast.tsx';
import { useLeafWords } from './leaf-words.ts';
import { leavesOf, withLeaves } from './leaves.ts';
import { useOfficeProblem } from './problem.ts';
import './office.css';

export function AmendPage() {
  const { t } = useTranslation(['office', 'common']);
  const { type = '', id = '' } = useParams({ strict: false });
  const problem = useOfficeProblem();
  const typeWords = useTypeWords();
  const { data, error } = useQuery(keptEntryQuery(`${type}/${id}`));
  return (
    <div className="office">
      <LinkButton href={paths.office} look="link">
        {t('amend.back')}
      </LinkButton>
      <PageTitle
        lead={
          data === undefined
            ? undefined
            : t('amend.lead', {
                entry: typeWords(type),
                version: data.version,
                organization: data.organization ?? '',
              })
        }
      >
        {t('amend.title')}
      </PageTitle>
      {error === null ? null : <ErrorBand>{problem(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data === undefined ? null : <AmendForm key={data.version} kept={data} />}
    </div>
  );
}

function AmendForm({ kept }: { readonly kept: KeptEntry }) {
  const { t } = useTranslation('office');
  const navigate = useNavigate();
  const problem = useOfficeProblem();
  const { case: asked } = useSearch({ strict: false });
  const [changed, setChanged] = useState<ReadonlyMap<string, string>>(new Map());
  const [reason, setReason] = useState('');
  const amend = useAmendEntry(kept.entry);
  const stored = parseJson(kept.text);
  const words = useLeafWords();
  const isChanged = leavesOf(stored).some(
    ({ path, value }) => changed.has(path) && changed.get(path) !== value,
  );
  const missing = isChanged
    ? Array.from(reason.trim()).length < 10
      ? t('missingWords')
      : undefined
    : t('amend.missingChange');
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        const text = canonicalJson(withLeaves(stored, changed));
        const given = { version: kept.version, text, reason };
        amend.mutate(typeof asked === 'string' ? { ...given, case: asked } : given, {
          onSuccess({ version }) {
            announceDone(t('amend.done', { version }));
            void navigate({ to: paths.office });
          },
        });
      }}
    >
      <Section note={t('amend.note')} title={t('amend.values')}>
        <div className="stack-wide">
          {leavesOf(stored).map(({ path, value }) => (
            <TextField
              key={path}
              label={words(path)}
              maxLength={2000}
              onChange={(now) => setChanged(new Map(changed).set(path, now))}
              value={changed.get(path) ?? value}
            />
          ))}
        </div>
      </Section>
      <TextField label={t('amend.reason')} lines={3} maxLength={1000} onChange={setReason} value={reason} />
      {amend.isError ? <ErrorBand key={amend.failureCount}>{problem(amend.error)}</ErrorBand> : null}
      <Button busy={amend.isPending && t('amend.busy')} look="primary" missing={missing} type="submit">
        {t('amend.act')}
      </Button>
    </form>
  );
}
