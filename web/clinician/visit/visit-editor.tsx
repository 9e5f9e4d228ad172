// The visit while it is written: one screen, one button that signs.
import { useEffect, useMemo, useRef } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Category } from '../../../core/access/categories.ts';
import { isTaken, readAllergen } from '../../../core/clinical/read-record.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { textAt } from '../../../core/record/elements.ts';
import { recordIndex } from '../../../core/record/record-index.ts';
import type { Signing } from '../../../core/visit/entries.ts';
import { findingsOf } from '../../../core/visit/findings.ts';
import { problemsOf } from '../../../core/visit/problems.ts';
import { isBlank } from '../../../core/visit/draft.ts';
import { workQuery } from '../../api/clinic.ts';
import type { Kept, KeptVisit } from '../../api/kept-visits.ts';
import type { Grant } from '../../api/sharing.ts';
import { ageInYears } from '../../i18n/format.ts';
import { Band } from '../../ui/band.tsx';
import { isReason } from './findings.tsx';
import { StoppedBand } from './visit-after.tsx';
import { LateEntry } from './late-entry.tsx';
import { VisitFoot } from './visit-foot.tsx';
import { VisitForm } from './visit-form.tsx';
import { VisitHead } from './visit-head.tsx';
import { VisitPeople } from './visit-people.tsx';
import { VisitSide } from './visit-side.tsx';
import { useVisit } from './use-visit.ts';

export interface VisitEditorProps {
  readonly account: string;
  readonly patientId: string;
  readonly name: string;
  readonly uhid: string;
  readonly person: Resource | undefined;
  readonly first: KeptVisit;
  readonly revision: number;
  readonly keptAt: number | undefined;
  /** Opened without network: what one may do is not known until it is back. */
  readonly away: boolean;
  readonly held: readonly Grant[];
  readonly record: readonly Resource[];
  readonly today: string;
  readonly sending: boolean;
  readonly onSigned: (waiting: Kept) => void;
  readonly onDrop: () => void;
  readonly onTakeOther: () => void;
  /** Sent to the person as a late entry, and nothing is left of it. */
  readonly onLateSent: () => void;
}

export function VisitEditor(props: VisitEditorProps) {
  const { held, record, today, patientId, name } = props;
  const { t } = useTranslation(['visit', 'access']);
  const { data: work } = useQuery(workQuery);
  const { kept, keeping, change, keep } = useVisit(
    props.account,
    props.first,
    props.revision,
    props.keptAt,
    props.away,
  );
  const { draft } = kept;
  const { pen, former } = pensOf(held);
  const covered = (pen ?? former)?.scope.categories;
  const mayWrite = (part: Category): boolean => covered === undefined || covered.includes(part);
  const problems = useMemo(() => problemsOf(draft, today), [draft, today]);
  const found = useMemo(() => findingsOf(draft, record, today), [draft, record, today]);
  const index = useMemo(() => recordIndex([...record]), [record]);
  const birthDate = textAt(props.person, 'birthDate');
  const age = birthDate === undefined ? undefined : ageInYears(birthDate, today);
  const open = openFindings(kept, found);
  const wrong = problems.filter(({ field }) => field !== 'visit').length;
  const closed = props.away
    ? t('away')
    : !mayWrite('visits')
      ? t('penNoVisit')
      : work?.clinician === null
        ? t('penNone')
        : pen === undefined
          ? t('penNone')
          : undefined;
  const ready = open === 0 && problems.length === 0 && closed === undefined && work?.clinician != null;
  // A second press comes before the first is drawn; what is sent twice at once waits for an answer that went to the other.
  const pressed = useRef(false);
  useEffect(() => {
    if (!props.sending) pressed.current = false;
  }, [props.sending]);
  const sign = async (): Promise<void> => {
    if (!ready || props.sending || pressed.current) return;
    pressed.current = true;
    const clinician = work.clinician;
    const signing: Signing = {
      at: new Date().toISOString(),
      clinician: {
        name: clinician.name,
        ...(clinician.practitioner === null ? {} : { reference: `Practitioner/${clinician.practitioner}` }),
      },
      organization:
        clinician.organization === null
          ? undefined
          : { reference: `Organization/${clinician.organizationId}`, name: clinician.organization },
      covered,
    };
    const waiting = await keep({ state: 'waiting', signing, stop: undefined });
    // A device that keeps nothing still signs.
    props.onSigned(waiting ?? { ...kept, state: 'waiting', signing, revision: 0, savedAt: Date.now() });
  };
  // From wherever the hand is: a button that was pressed may be gone with its focus.
  const newest = useRef(sign);
  useEffect(() => {
    newest.current = sign;
  });
  useEffect(() => {
    const byKeys = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void newest.current();
    };
    document.addEventListener('keydown', byKeys);
    return () => document.removeEventListener('keydown', byKeys);
  }, []);
  return (
    <div className="visit">
      <VisitPeople current={patientId} />
      <div className="visit-main">
        <VisitHead
          away={props.away}
          former={former}
          index={index}
          name={name}
          patientId={patientId}
          pen={pen}
          person={props.person}
          record={record}
          seesAllergies={held.some(
            ({ state, scope }) =>
              state === 'active' &&
              (scope.categories === undefined || scope.categories.includes('allergies')),
          )}
          today={today}
          uhid={props.uhid}
        />
        <div className="visit-body">
          <div className="visit-paper">
            {kept.stop === undefined ? null : (
              <StoppedBand
                onSeen={(versions) =>
                  void keep({ stop: undefined, state: 'open', draft: { ...draft, seen: versions } })
                }
                stop={kept.stop}
              />
            )}
            {pen === undefined && former !== undefined && !isBlank(draft) ? (
              <LateEntry
                draft={draft}
                name={name}
                onSent={(rest) => {
                  if (isBlank(rest)) props.onLateSent();
                  else void keep({ state: 'open', stop: undefined, draft: rest });
                }}
                patientId={patientId}
                wrong={wrong > 0}
              />
            ) : null}
            {covered === undefined ? null : (
              <Band tone="info">
                {t('penPart', { parts: covered.map((part) => t(`access:part.${part}`)).join(', ') })}
              </Band>
            )}
            <VisitForm
              adult={age === undefined || age >= 18}
              checkedAgainst={
                props.away
                  ? undefined
                  : {
                      allergies: record.filter(
                        (one) => one.resourceType === 'AllergyIntolerance' && readAllergen(one) !== undefined,
                      ).length,
                      medicines: record.filter((one) => isTaken(one, today)).length,
                    }
              }
              found={found}
              kept={kept}
              mayWrite={mayWrite}
              name={name}
              onChange={change}
              problems={problems}
              today={today}
            />
          </div>
          {props.away ? (
            <aside className="visit-side">
              <p className="quiet">{t('context.away')}</p>
            </aside>
          ) : (
            <VisitSide
              continued={draft.medicines.map(({ prior }) => prior)}
              index={index}
              onAgain={
                mayWrite('medicines')
                  ? (one) => change({ medicines: [...draft.medicines, { ...one, key: crypto.randomUUID() }] })
                  : undefined
              }
              patientId={patientId}
              record={record}
              today={today}
            />
          )}
        </div>
        <VisitFoot
          blank={isBlank(draft)}
          closed={closed}
          keeping={keeping}
          onDrop={props.onDrop}
          onSign={() => void sign()}
          onTakeOther={props.onTakeOther}
          openFindings={open}
          signing={props.sending}
          wrongFields={wrong}
        />
      </div>
    </div>
  );
}

/** The pen that runs longest, and the newest that ended by itself: it can be prolonged. */
export function pensOf(held: readonly Grant[]): { pen: Grant | undefined; former: Grant | undefined } {
  const pens = held
    .filter(({ basis }) => basis === 'edit')
    .toSorted((a, b) => (b.endsAt ?? '').localeCompare(a.endsAt ?? ''));
  return {
    pen: pens.find(({ state }) => state === 'active'),
    former: pens.find(({ endedAt, endsAt }) => endedAt === null || endedAt === endsAt),
  };
}

/** Grave findings without a reason, of what is seen here and of what only the server sees. */
function openFindings(kept: KeptVisit, found: ReturnType<typeof findingsOf>): number {
  return kept.draft.medicines.reduce((count, one) => {
    const rules = new Set([
      ...(found.get(one.key) ?? []).filter(({ severity }) => severity === 'severe').map(({ rule }) => rule),
      ...(kept.found?.[one.key] ?? []).map(({ rule }) => rule),
    ]);
    return count + [...rules].filter((rule) => !isReason(one.reasons[rule] ?? '')).length;
  }, 0);
}
