// One entry of a section, new or changed, on a page of its own; afterwards back to the section.
import { useState } from 'react';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Fact, RecordFacts, SectionId, SectionValues } from '../../../core/record/facts.ts';
import { recordPaths } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { PageTitle, Section } from '../../ui/section.tsx';
import { factWords, partsOf, useSay } from '../facts/parts.ts';
import { useRecordFacts } from '../facts/record-facts.ts';
import { useSectionWords } from '../facts/section-words.ts';
import { isSectionId, isWhole } from '../facts/sections.ts';
import { DocumentUpload } from '../forms/document-upload.tsx';
import { EntryForm } from '../forms/entry-form.tsx';
import { BackLink } from './back-link.tsx';
import { NothingHere } from './nothing-here.tsx';
import './record.css';

export function EntryPage() {
  const { section = '', type, id } = useParams({ strict: false });
  if (!isSectionId(section)) return <NothingHere />;
  const of = type === undefined || id === undefined ? undefined : `${type}/${id}`;
  return <KnownEntry key={`${section} ${of ?? ''}`} of={of} section={section} />;
}

interface KnownEntryProps<Id extends SectionId> {
  readonly section: Id;
  /** "Type/id" of the entry to change. */
  readonly of: string | undefined;
}

function factOf<Id extends SectionId>(
  section: Id,
  facts: RecordFacts,
  of: string | undefined,
): Fact<SectionValues[Id]> | undefined {
  const state = facts[section];
  if (state.state !== 'recorded') return undefined;
  const list: readonly Fact<SectionValues[Id]>[] = state.facts;
  if (of === undefined) return isWhole(section) ? list[0] : undefined;
  return list.find(({ resource }) => `${resource.type}/${resource.id}` === of);
}

function KnownEntry<Id extends SectionId>({ section, of }: KnownEntryProps<Id>) {
  const { t } = useTranslation(['record-pages', 'patient-forms']);
  const { facts } = useRecordFacts();
  const say = useSay();
  const navigate = useNavigate();
  const found = factOf(section, facts, of);
  // Once it is being changed, what is typed stays, even if somebody else removes the entry meanwhile.
  const [start] = useState(found);
  const words = useSectionWords()(section);
  const sectionTitle = words.title;
  const back = recordPaths.section(section);
  const what = start === undefined ? sectionTitle : factWords(partsOf(section, start.value, say)).title;
  const title =
    of !== undefined && start !== undefined
      ? t('entry.changeNamed', { what })
      : isWhole(section) && found !== undefined
        ? words.changeAll
        : words.addOne;
  const leave = (): void => void navigate({ href: back });
  const cancel = (
    <LinkButton href={back} look="link">
      {t('patient-forms:form.cancel')}
    </LinkButton>
  );
  if (of !== undefined && start === undefined)
    return (
      <>
        <BackLink href={back}>{t('section.backTo', { section: sectionTitle })}</BackLink>
        <PageTitle lead={t('entry.gone')}>{sectionTitle}</PageTitle>
      </>
    );
  return (
    <>
      <BackLink href={back}>{t('section.backTo', { section: sectionTitle })}</BackLink>
      <PageTitle>{title}</PageTitle>
      <Section>
        {section === 'documents' && of === undefined ? (
          <DocumentUpload onSaved={leave} others={cancel} />
        ) : (
          <EntryForm
            act={section === 'documents' ? t('patient-forms:saveChange.documents') : words.save}
            fact={found}
            onSaved={leave}
            others={cancel}
            section={section}
            startedFrom={start}
          />
        )}
      </Section>
    </>
  );
}
