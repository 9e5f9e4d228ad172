// Every version of one entry: who stored it, when, and what changed from the version before.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { SectionId } from '../../../core/record/facts.ts';
import { versionsQuery } from '../../api/record.ts';
import { recordBlocks, recordPaths } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { SourceLine } from '../../ui/fact-row.tsx';
import { PageTitle, Rows, Section } from '../../ui/section.tsx';
import { useSay } from '../facts/parts.ts';
import { useRecordFacts } from '../facts/record-facts.ts';
import { useSectionWords } from '../facts/section-words.ts';
import { isSectionId, isWhole } from '../facts/sections.ts';
import { EraseEntry } from '../erase/erase-entry.tsx';
import { Origins } from '../sharing/origins.tsx';
import { WhoSees } from '../sharing/who-sees.tsx';
import { BackLink } from './back-link.tsx';
import { historyOf } from './version-changes.ts';
import type { LineChange, VersionStep } from './version-changes.ts';
import { NothingHere } from './nothing-here.tsx';
import './record.css';

export function HistoryPage() {
  const { section = '', type = '', id = '' } = useParams({ strict: false });
  if (!isSectionId(section)) return <NothingHere />;
  return <KnownHistory id={id} key={`${type}/${id}`} section={section} type={type} />;
}

interface KnownHistoryProps {
  readonly section: SectionId;
  readonly type: string;
  readonly id: string;
}

function KnownHistory({ section, type, id }: KnownHistoryProps) {
  const { t } = useTranslation('record-pages');
  const navigate = useNavigate();
  const say = useSay();
  const { title } = useSectionWords()(section);
  const { context } = useRecordFacts();
  const { data: versions } = useSuspenseQuery(versionsQuery(type, id));
  const steps = historyOf(section, versions, context.current, say);
  const named = isWhole(section) ? undefined : steps.find((step) => step.title !== undefined)?.title;
  const what = named ?? title;
  return (
    <>
      <BackLink href={recordPaths.section(section)}>{t('section.backTo', { section: title })}</BackLink>
      <PageTitle lead={t('history.lead')}>{t('history.title', { what })}</PageTitle>
      <Section>
        <Rows label={t('history.title', { what })}>
          {steps.map((step) => (
            <VersionRow key={step.version} step={step} />
          ))}
        </Rows>
        <LinkButton href={recordBlocks({ type, id })} look="link">
          {t('history.blocks')}
        </LinkButton>
      </Section>
      <Origins id={id} type={type} />
      <WhoSees id={id} type={type} />
      {type === 'Patient' ? null : (
        <EraseEntry
          id={id}
          onErased={() => void navigate({ to: recordPaths.section(section) })}
          type={type}
          what={what}
        />
      )}
    </>
  );
}

function VersionRow({ step }: { readonly step: VersionStep }) {
  const { t } = useTranslation('record-pages');
  return (
    <li>
      <h2 className="group-title">{t(`history.${step.act}`)}</h2>
      <p className="quiet small">{t('history.version', { number: step.version })}</p>
      {step.changes.length > 0 ? (
        <ul className="version-lines">
          {step.changes.map((change) => (
            <li key={change.part}>
              <ChangeWords change={change} />
            </li>
          ))}
        </ul>
      ) : step.act === 'changed' ? (
        <p className="quiet">{t('history.same')}</p>
      ) : null}
      {step.source === undefined ? null : <SourceLine source={step.source} />}
    </li>
  );
}

function ChangeWords({ change }: { readonly change: LineChange }) {
  const { t } = useTranslation('record-pages');
  const { part, was, now } = change;
  if (now === undefined) return <span className="was">{t('history.gone', { part, words: was ?? '' })}</span>;
  return (
    <>
      <strong>{t('history.now', { part, words: now })}</strong>
      {was === undefined ? null : <span className="was"> {t('history.was', { words: was })}</span>}
    </>
  );
}
