// The day's list: whoever may be written for, waits for a code, was begun or signed on this device, or was let in today. Made of what there is; nobody
// keeps another list of whom a doctor expects.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { askedQuery, heldQuery } from '../api/clinic.ts';
import type { Kept } from '../api/kept-visits.ts';
import type { AccessRequest, Grant } from '../api/sharing.ts';
import { useKept } from '../api/visits.ts';
import { dayKey, formatTime, formatUhid } from '../i18n/format.ts';
import { clinicPaths } from '../paths.ts';

export interface TodayRow {
  readonly patient: string;
  readonly title: string;
  /** Their health ID, where the title is a name. */
  readonly uhid: string | undefined;
  readonly words: string;
  readonly href: string;
  /** What wants the doctor first: the list's order. */
  readonly rank: number;
  readonly at: string;
  readonly tone?: 'caution' | 'danger' | undefined;
}

export const mostToday = 60;
const DAY_MS = 86_400_000;

/** The most urgent first; undefined while it is loaded. */
export function useToday(): readonly TodayRow[] | undefined {
  const { t } = useTranslation('visit');
  const { data: held } = useQuery(heldQuery);
  const { data: asked, dataUpdatedAt: now } = useQuery(askedQuery);
  const { kept } = useKept();
  if (held === undefined || asked === undefined || kept === undefined) return undefined;
  const today = dayKey(new Date(now).toISOString());
  const isToday = (instant: string): boolean => dayKey(instant) === today;
  const active = held.filter(({ state, basis }) => state === 'active' && basis !== 'guardian');
  const waiting = asked.filter(
    ({ state, createdAt }) => state === 'requested' && Date.parse(createdAt) > now - DAY_MS,
  );
  const people = new Set([
    ...active.filter((one) => one.basis !== 'grant' || isToday(one.startsAt)).map(({ patient }) => patient),
    ...waiting.map(({ patient }) => patient),
    ...kept
      .filter(({ state, signing }) => state !== 'sent' || isToday(signing?.at ?? ''))
      .map(({ draft }) => draft.patientId),
  ]);
  const rows = [...people].map((patient): TodayRow => {
    const grants = held.filter((one) => one.patient === patient);
    const own = active.filter((one) => one.patient === patient);
    const visit = kept.find(({ draft, state }) => draft.patientId === patient && state !== 'sent');
    const sent = kept.find(({ draft, state }) => draft.patientId === patient && state === 'sent');
    const request = waiting.find((one) => one.patient === patient);
    const name =
      grants.find(({ person }) => person?.name !== undefined)?.person?.name ??
      kept.find(({ draft, person }) => draft.patientId === patient && person.name !== undefined)?.person.name;
    const uhid = grants.find(({ person }) => person !== undefined)?.person?.uhid ?? request?.uhid ?? '';
    const state = stateOf({ patient, own, visit, sent, request });
    return {
      patient,
      title: name ?? (uhid === '' ? t('somebody') : formatUhid(uhid)),
      uhid: name === undefined || uhid === '' ? undefined : formatUhid(uhid),
      href: state.href,
      rank: state.rank,
      at: state.at,
      tone: state.tone,
      words: t(state.key, { time: state.at === '' ? '' : formatTime(state.at) }),
    };
  });
  return rows
    .toSorted((a, b) => a.rank - b.rank || b.at.localeCompare(a.at) || a.title.localeCompare(b.title))
    .slice(0, mostToday);
}

interface Facts {
  readonly patient: string;
  readonly own: readonly Grant[];
  readonly visit: Kept | undefined;
  readonly sent: Kept | undefined;
  readonly request: AccessRequest | undefined;
}

function stateOf({ patient, own, visit, sent, request }: Facts) {
  const toVisit = clinicPaths.visit(patient);
  const signedAt = visit?.signing?.at ?? sent?.signing?.at ?? '';
  if (visit?.state === 'stopped')
    return { rank: 0, key: 'today.stopped', at: signedAt, href: toVisit, tone: 'danger' } as const;
  if (visit?.state === 'waiting')
    return { rank: 1, key: 'today.waits', at: signedAt, href: toVisit, tone: 'caution' } as const;
  const pen = own
    .filter(({ basis }) => basis === 'edit')
    .toSorted((a, b) => (b.endsAt ?? '').localeCompare(a.endsAt ?? ''))[0];
  if (visit !== undefined && pen === undefined)
    return {
      rank: 3,
      key: 'today.draft',
      at: new Date(visit.savedAt).toISOString(),
      href: toVisit,
      tone: undefined,
    } as const;
  if (sent !== undefined && visit === undefined)
    return {
      rank: 6,
      key: 'today.signed',
      at: signedAt,
      href: clinicPaths.patient(patient),
      tone: undefined,
    } as const;
  if (pen !== undefined)
    return { rank: 2, key: 'today.may', at: pen.endsAt ?? '', href: toVisit, tone: undefined } as const;
  if (request !== undefined)
    return {
      rank: 4,
      key: 'today.waiting',
      at: request.createdAt,
      href: clinicPaths.request(request.id),
      tone: undefined,
    } as const;
  const glass = own.find(({ basis }) => basis === 'break-glass');
  return {
    rank: 5,
    key: glass === undefined ? 'today.open' : 'today.glass',
    at: (glass ?? own[0])?.startsAt ?? '',
    href: clinicPaths.patient(patient),
    tone: glass === undefined ? undefined : 'caution',
  } as const;
}
