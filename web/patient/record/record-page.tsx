// The whole record of the signed-in person, section by section: facts with their sources, or the right silence.
import { useTranslation } from 'react-i18next';
import type { RecordFacts, SectionId } from '../../../core/record/facts.ts';
import { useSignedIn } from '../../api/session.ts';
import { initials } from '../../i18n/format.ts';
import { paths, recordPaths } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { PageTitle, Section } from '../../ui/section.tsx';
import { BodyMassIndex } from '../facts/body-mass-index.tsx';
import { FactList } from '../facts/fact-list.tsx';
import { photoAddress } from '../facts/photo-address.ts';
import { useRecordFacts } from '../facts/record-facts.ts';
import { useSectionWords } from '../facts/section-words.ts';
import { isWhole, recordOrder } from '../facts/sections.ts';
import './record.css';

/** More stand behind "Show all": a record may hold thousands. */
const MOST_SHOWN = 5;

export function RecordPage() {
  const { t } = useTranslation('record-pages');
  const { facts } = useRecordFacts();
  const half = Math.ceil(recordOrder.length / 2);
  const column = (sections: readonly SectionId[]) => (
    <div>
      {sections.map((section) => (
        <RecordSection facts={facts} key={section} section={section} />
      ))}
    </div>
  );
  return (
    <>
      <PageTitle
        action={
          <LinkButton href={paths.timeline} icon="calendar">
            {t('record.timeline')}
          </LinkButton>
        }
        lead={t('record.lead')}
      >
        {t('record.title')}
      </PageTitle>
      {isSparse(facts) ? (
        <p className="record-begin">
          <LinkButton href={paths.begin} icon="pencil" look="primary">
            {t('record.begin')}
          </LinkButton>
        </p>
      ) : null}
      <div className="columns record-columns">
        {column(recordOrder.slice(0, half))}
        {column(recordOrder.slice(half))}
      </div>
    </>
  );
}

/** Most of what a responder needs has not been asked yet. */
function isSparse(facts: RecordFacts): boolean {
  const asked = ['allergies', 'conditions', 'medicines', 'contacts', 'blood-group'] as const;
  return asked.filter((section) => facts[section].state === 'not-recorded').length >= 3;
}

interface RecordSectionProps<Id extends SectionId> {
  readonly section: Id;
  readonly facts: RecordFacts;
}

function RecordSection<Id extends SectionId>({ section, facts }: RecordSectionProps<Id>) {
  const { t } = useTranslation('record-pages');
  const state = facts[section];
  const { title } = useSectionWords()(section);
  const isRecorded = state.state !== 'not-recorded';
  const addHref = isWhole(section) ? recordPaths.change(section) : recordPaths.add(section);
  const body = facts.body.state === 'recorded' ? facts.body.facts : [];
  const measured = (kind: 'weight' | 'height') => body.find((one) => one.value.kind === kind)?.value.value;
  return (
    <Section
      action={
        isRecorded ? (
          <a aria-label={t('record.changeNamed', { what: title })} href={recordPaths.section(section)}>
            {t('record.change')}
          </a>
        ) : undefined
      }
      title={title}
    >
      {section === 'identity' ? <OwnPhoto facts={facts} /> : null}
      <FactList
        addHref={addHref}
        allHref={recordPaths.section(section)}
        label={title}
        most={MOST_SHOWN}
        section={section}
        state={state}
      />
      {section === 'body' ? (
        <BodyMassIndex facts={facts} heightCm={measured('height')} weightKg={measured('weight')} />
      ) : null}
    </Section>
  );
}

function OwnPhoto({ facts }: { readonly facts: RecordFacts }) {
  const { t } = useTranslation('patient-forms');
  const me = useSignedIn();
  const url = photoAddress(facts);
  return url === undefined ? (
    <a className="own-photo own-photo-none" href={recordPaths.section('identity')}>
      <span aria-hidden="true">{initials(me.patient.name)}</span>
      <span className="visually-hidden">{t('photo.choose')}</span>
    </a>
  ) : (
    <img alt={t('photo.alt')} className="own-photo" src={url} />
  );
}
