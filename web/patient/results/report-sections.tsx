// One test with its newest report, and what came before it one tap away.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JsonObject } from '../../../core/fhir/types.ts';
import { readSource } from '../../../core/record/read-source.ts';
import { recordIndex } from '../../../core/record/record-index.ts';
import { actingFor } from '../../api/acting.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { timelineEntryPath } from '../../paths.ts';
import { SourceLine } from '../../ui/fact-row.tsx';
import { ResultRows } from '../../ui/result-rows.tsx';
import { Section } from '../../ui/section.tsx';
import type { OneReport, ReportGroup } from './report-groups.ts';

export function GroupSection(props: {
  readonly group: ReportGroup;
  readonly id: string;
  /** What was searched for stands among the earlier ones too. */
  readonly allOpen: boolean;
}) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const [opened, setOpened] = useState(false);
  const { group, allOpen } = props;
  const [newest, ...earlier] = group.reports;
  const title = group.title === '' ? t('unnamed') : group.title;
  const oldest = earlier.at(-1)?.day ?? '';
  const isOpen = opened || allOpen;
  return (
    <Section
      action={<Versions of={newest} title={title} />}
      id={props.id}
      label={newest.day === '' ? title : `${title}, ${formatDate(newest.day.slice(0, 10), language)}`}
      title={title}
    >
      <Report of={newest} />
      {earlier.length === 0 ? null : (
        <details
          className="results-earlier"
          onToggle={(event) => setOpened(event.currentTarget.open)}
          open={isOpen}
        >
          <summary>
            {oldest === ''
              ? t('mine.earlier', { count: earlier.length, title })
              : t('mine.earlierSince', {
                  count: earlier.length,
                  title,
                  when: formatDate(oldest.slice(0, 10), language),
                })}
          </summary>
          {isOpen
            ? earlier.map((one) => (
                <article className="results-one" key={one.report.id}>
                  <div className="section-head">
                    <h3>{one.day === '' ? title : formatDate(one.day.slice(0, 10), language)}</h3>
                    <Versions of={one} title={title} />
                  </div>
                  <Report of={one} />
                </article>
              ))
            : null}
        </details>
      )}
    </Section>
  );
}

function Versions({ of, title }: { readonly of: OneReport; readonly title: string }) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  return (
    <a
      aria-label={t('mine.versionsOf', {
        test: title,
        when: of.day === '' ? '' : formatDate(of.day.slice(0, 10), language),
      })}
      className="results-versions"
      href={timelineEntryPath({ type: 'DiagnosticReport', id: of.report.id ?? '' })}
    >
      {t('mine.versions')}
    </a>
  );
}

function Report({ of: { report, values, day } }: { readonly of: OneReport }) {
  const said = readSource(recordIndex([report]), report as unknown as JsonObject);
  return (
    <>
      <ResultRows resources={[...values, report]} />
      <SourceLine
        source={{
          author: said.kind,
          ...(said.who === undefined ? {} : { who: said.who }),
          ...(day === '' ? {} : { on: day }),
          mine: said.kind === 'patient' && actingFor() === undefined,
        }}
      />
    </>
  );
}
