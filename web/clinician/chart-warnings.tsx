// What stands in an opened record and is easily passed over: medicines that do not go together, and results that are there but kept back from
// their person by their own choice.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Resource } from '@medplum/fhirtypes';
import { chartFindings } from '../../core/clinical/chart-findings.ts';
import type { ChartFinding } from '../../core/clinical/chart-findings.ts';
import { ruleWords } from '../../core/clinical/words.ts';
import type { Resource as CoreResource } from '../../core/fhir/types.ts';
import { entryTitle } from '../../core/record/entry-title.ts';
import { heldResultsQuery } from '../api/results.ts';
import { localDay } from './local-day.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Icon } from '../ui/icons.tsx';
import { ResultRows } from '../ui/result-rows.tsx';
import { Rows, Section } from '../ui/section.tsx';

/** Grave and moderate, as the checks find them in what may be seen here. */
export function ChartFindings({ record }: { readonly record: readonly Resource[] }) {
  const { t } = useTranslation('clinic');
  const [today] = useState(() => localDay());
  const found = chartFindings(record as unknown as readonly CoreResource[], today);
  if (found.length === 0) return null;
  return (
    <Section note={t('chart.findingsNote')} title={t('chart.findings')}>
      <Rows>
        {found.map((one) => (
          <FindingRow found={one} key={`${one.rule} ${one.medicine} ${one.with ?? ''}`} />
        ))}
      </Rows>
    </Section>
  );
}

function FindingRow({ found }: { readonly found: ChartFinding }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const { severity, medicine, about, rule, words, source } = found;
  const grave = severity === 'severe';
  return (
    <li className="clinic-finding" data-grave={grave ? '' : undefined}>
      <Icon name={grave ? 'octagon' : 'triangle'} size={20} />
      <div>
        <p>
          <strong>{about === undefined ? medicine : t('chart.pair', { one: medicine, other: about })}</strong>
        </p>
        <p>
          {t(grave ? 'chart.grave' : 'chart.moderate')}: {ruleWords(rule, words, language)}
        </p>
        <p className="quiet small">{t('chart.source', { name: source.name, year: source.year })}</p>
      </div>
    </li>
  );
}

/** Nobody who may not see them hears that there are any: the answer is as for a record without. */
export function HeldResults({ patientId }: { readonly patientId: string }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const { data = [] } = useQuery(heldResultsQuery(patientId));
  if (data.length === 0) return null;
  return (
    <Section note={t('chart.heldNote')} title={t('chart.held')}>
      {data.map(({ signedAt, until, resources }) => {
        const report = resources.find(({ resourceType }) => resourceType === 'DiagnosticReport');
        const name = report === undefined ? undefined : entryTitle(report as unknown as CoreResource);
        return (
          <div className="stack" key={`${signedAt} ${report?.id ?? ''}`}>
            <h3>{name ?? t('chart.result')}</h3>
            <p className="quiet">
              {t('chart.heldUntil', {
                signed: formatDateTime(signedAt, language),
                until: formatDateTime(until, language),
              })}
            </p>
            <ResultRows resources={resources} />
          </div>
        );
      })}
    </Section>
  );
}
