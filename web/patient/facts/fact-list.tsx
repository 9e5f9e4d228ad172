// What a section says: its facts with their sources and proofs, or one of the three silences.
// Knows how to show; what can be done with an entry is given to it.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Fact, FactResource, Section, SectionId, SectionValues } from '../../../core/record/facts.ts';
import type { NoneKnownSection } from '../../../core/record/none-known.ts';
import { isLifeThreatening } from '../../../core/record/read-allergies.ts';
import { canSayNoneKnown } from '../../../core/record/write-facts.ts';
import { logStatesQuery } from '../../api/record.ts';
import { paths } from '../../paths.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { FactRow } from '../../ui/fact-row.tsx';
import { EntryProof as ProofOfEntry } from '../../ui/entry-proof.tsx';
import { Rows } from '../../ui/section.tsx';
import { Silence } from '../../ui/silence.tsx';
import { factWords, partsOf, useSay } from './parts.ts';
import { shownSource } from './record-facts.ts';
import './fact-list.css';

export function proofHref(of: FactResource): string {
  return `${paths.verify}/${of.type}/${of.id}`;
}

/** How far one version is on its way into the log; nothing while that is not known. */
export function EntryProof({ of }: { readonly of: FactResource }) {
  const { data } = useQuery(logStatesQuery);
  if (data === undefined) return null;
  const known = data.states.get(`${of.type}/${of.id}/${of.version}`);
  return <ProofOfEntry href={proofHref(of)} of={known ?? { state: data.whole ? 'pending' : 'logged' }} />;
}

export type EntryActions<Id extends SectionId> = (fact: Fact<SectionValues[Id]>, title: string) => ReactNode;

export interface FactListProps<Id extends SectionId> {
  readonly section: Id;
  readonly state: Section<SectionValues[Id]>;
  readonly label: string;
  /** Where it can be added; left out where the page itself asks. */
  readonly addHref?: string | undefined;
  /** At most so many at first; the rest behind "Show all". */
  readonly most?: number | undefined;
  /** Where all of them are; without it they unfold here. */
  readonly allHref?: string | undefined;
  readonly renderActions?: EntryActions<Id> | undefined;
  /** Acts beside "none known". */
  readonly noneActions?: ReactNode | undefined;
  readonly withProof?: boolean | undefined;
}

export function FactList<Id extends SectionId>(props: FactListProps<Id>) {
  const { section, state, label } = props;
  const { t } = useTranslation(['patient-record', 'record-pages']);
  const [all, setAll] = useState(false);
  switch (state.state) {
    case 'withheld':
      return (
        <Rows label={label}>
          <Silence kind="withheld" />
        </Rows>
      );
    case 'not-recorded':
      return (
        <Rows label={label}>
          <Silence addHref={props.addHref} kind="not-recorded" />
        </Rows>
      );
    case 'none-known':
      return (
        <Rows label={label}>
          <Silence
            actions={
              <div className="entry-acts">
                {props.withProof === false ? null : <EntryProof of={state.resource} />}
                {props.noneActions}
              </div>
            }
            kind="none-known"
            source={shownSource(state.source)}
            words={canSayNoneKnown(section) ? t(`none.${section satisfies NoneKnownSection}`) : undefined}
          />
        </Rows>
      );
    case 'recorded': {
      const { facts } = state;
      const most = all ? facts.length : (props.most ?? facts.length);
      const shown = facts.slice(0, most);
      return (
        <>
          <Rows label={label}>
            {shown.map((fact, place) => (
              <FactEntry
                renderActions={props.renderActions}
                fact={fact}
                // One resource may carry several facts (contacts, doctor and hospital): its proof stands once.
                isFirstOfResource={shown[place - 1]?.resource.id !== fact.resource.id}
                key={`${fact.resource.type}/${fact.resource.id}/${place}`}
                section={section}
                withProof={props.withProof !== false}
              />
            ))}
          </Rows>
          {facts.length > most ? (
            props.allHref === undefined ? (
              <Button onPress={() => setAll(true)}>
                {t('record-pages:record.showAll', { count: facts.length })}
              </Button>
            ) : (
              <LinkButton href={props.allHref}>
                {t('record-pages:record.showAll', { count: facts.length })}
              </LinkButton>
            )
          ) : null}
        </>
      );
    }
  }
}

interface FactEntryProps<Id extends SectionId> {
  readonly section: Id;
  readonly fact: Fact<SectionValues[Id]>;
  readonly isFirstOfResource: boolean;
  readonly renderActions: EntryActions<Id> | undefined;
  readonly withProof: boolean;
}

function FactEntry<Id extends SectionId>(props: FactEntryProps<Id>) {
  const { section, fact, isFirstOfResource, renderActions, withProof } = props;
  const { t } = useTranslation('patient-record');
  const say = useSay();
  const { title, detail, notes } = factWords(partsOf(section, fact.value, say));
  const words =
    detail === '' && notes.length === 0 ? undefined : (
      <>
        {detail === '' ? null : <p>{detail}</p>}
        {notes.map((note) => (
          <p className="fact-note" key={note}>
            {note}
          </p>
        ))}
      </>
    );
  const acts = renderActions?.(fact, title);
  return (
    <FactRow
      actions={
        <div className="entry-acts">
          {withProof && isFirstOfResource ? <EntryProof of={fact.resource} /> : null}
          {acts}
        </div>
      }
      danger={isDanger(section, fact)}
      detail={words}
      label={labelOf(section, fact, t)}
      source={shownSource(fact.source)}
      value={title}
    />
  );
}

type AnyFact = {
  readonly [Id in SectionId]: { readonly section: Id; readonly fact: Fact<SectionValues[Id]> };
}[SectionId];

function isDanger(section: SectionId, fact: Fact<SectionValues[SectionId]>): boolean {
  const one = { section, fact } as AnyFact;
  return one.section === 'allergies' && isLifeThreatening(one.fact.value);
}

function labelOf(
  section: SectionId,
  fact: Fact<SectionValues[SectionId]>,
  t: ReturnType<typeof useSay>['t'],
): string | undefined {
  const one = { section, fact } as AnyFact;
  if (one.section === 'body') return t(`part.${one.fact.value.kind}`);
  if (one.section === 'care-team') return t(`part.${one.fact.value.role}`);
  if (one.section !== 'contacts') return undefined;
  return one.fact.value.order === 1 ? t('fact.callFirst') : t('fact.callThen');
}
