// One section of the record: everything in it, and what can be done with each entry.
import { useState } from 'react';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Fact, SectionId, SectionValues } from '../../../core/record/facts.ts';
import { paths, recordPaths } from '../../paths.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { PageTitle, Section } from '../../ui/section.tsx';
import { BodyMassIndex } from '../facts/body-mass-index.tsx';
import { FactList } from '../facts/fact-list.tsx';
import { SayNone, TakeBackNone } from '../facts/none-known-act.tsx';
import { photoAddress } from '../facts/photo-address.ts';
import { useRecordFacts } from '../facts/record-facts.ts';
import { useSectionWords } from '../facts/section-words.ts';
import { isSectionId, isWhole } from '../facts/sections.ts';
import { ownAddress } from '../forms/document-form.tsx';
import { PhotoForm } from '../forms/photo-form.tsx';
import { BackLink } from './back-link.tsx';
import { RemoveSheet } from './remove-sheet.tsx';
import type { ToRemove } from './remove-sheet.tsx';
import { NothingHere } from './nothing-here.tsx';
import './record.css';

const MOST_AT_FIRST = 50;

export function SectionPage() {
  const { section = '' } = useParams({ strict: false });
  if (!isSectionId(section)) return <NothingHere />;
  return <KnownSection key={section} section={section} />;
}

function KnownSection({ section }: { readonly section: SectionId }) {
  const { t } = useTranslation(['record-pages', 'patient-forms']);
  const { facts } = useRecordFacts();
  const [removing, setRemoving] = useState<ToRemove | undefined>();
  const state = facts[section];
  const { title, addOne, changeAll } = useSectionWords()(section);
  const whole = isWhole(section);
  const body = facts.body.state === 'recorded' ? facts.body.facts : [];
  const measured = (kind: 'weight' | 'height') => body.find((one) => one.value.kind === kind)?.value.value;
  return (
    <>
      <BackLink href={paths.record}>{t('section.back')}</BackLink>
      <PageTitle>{title}</PageTitle>
      <Section>
        <FactList
          renderActions={(fact, what) => (
            <EntryActs
              fact={fact}
              onRemove={() => setRemoving({ of: fact.resource, what })}
              section={section}
              what={what}
            />
          )}
          label={title}
          most={MOST_AT_FIRST}
          noneActions={<TakeBackNone section={section} />}
          section={section}
          state={state}
        />
        {section === 'body' ? (
          <BodyMassIndex facts={facts} heightCm={measured('height')} weightKg={measured('weight')} />
        ) : null}
        <div className="section-acts">
          <LinkButton
            href={whole ? recordPaths.change(section) : recordPaths.add(section)}
            icon={whole && state.state === 'recorded' ? 'pencil' : 'plus'}
            look="primary"
            wide
          >
            {state.state === 'recorded' ? changeAll : addOne}
          </LinkButton>
          {state.state === 'not-recorded' ? <SayNone section={section} /> : null}
        </div>
      </Section>
      {section === 'identity' ? (
        <Section title={t('patient-forms:photo.title')}>
          <PhotoForm
            onSaved={() => document.querySelector<HTMLElement>('h1')?.focus()}
            storedUrl={photoAddress(facts)}
          />
        </Section>
      ) : null}
      <RemoveSheet entry={removing} onClose={() => setRemoving(undefined)} section={section} />
    </>
  );
}

interface EntryActsProps<Id extends SectionId> {
  readonly section: Id;
  readonly fact: Fact<SectionValues[Id]>;
  readonly what: string;
  readonly onRemove: () => void;
}

/** Parts of a whole (a contact, the birth date) are changed and removed with the whole. */
const removedWithTheWhole: ReadonlySet<SectionId> = new Set(['identity', 'address', 'contacts', 'care-team']);

function EntryActs<Id extends SectionId>({ section, fact, what, onRemove }: EntryActsProps<Id>) {
  const { t } = useTranslation(['record-pages', 'patient-forms']);
  const file = section === 'documents' ? fileOf(fact.value) : undefined;
  const canChange = !isWhole(section) && (section !== 'documents' || file !== undefined);
  return (
    <>
      {file === undefined ? null : (
        <a aria-label={t('patient-forms:documents.openNamed', { title: what })} download href={file}>
          {t('patient-forms:documents.open')}
        </a>
      )}
      {canChange ? (
        <a aria-label={t('entry.changeNamed', { what })} href={recordPaths.change(section, fact.resource)}>
          {t('entry.change')}
        </a>
      ) : null}
      {removedWithTheWhole.has(section) ? null : <RemoveButton onRemove={onRemove} what={what} />}
      <a aria-label={t('entry.historyNamed', { what })} href={recordPaths.history(section, fact.resource)}>
        {t('entry.history')}
      </a>
    </>
  );
}

function RemoveButton({ what, onRemove }: { readonly what: string; readonly onRemove: () => void }) {
  const { t } = useTranslation('record-pages');
  return (
    <Button label={t('entry.removeNamed', { what })} look="link" onPress={onRemove}>
      {t('entry.remove')}
    </Button>
  );
}

/** The address of a document's file, where this server keeps it. */
function fileOf(value: SectionValues[SectionId]): string | undefined {
  const url = 'url' in value ? ownAddress(value.url) : undefined;
  return url?.startsWith('/api/files/') === true ? url : undefined;
}
