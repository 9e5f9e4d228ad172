// The visit of one person: what is found on the device goes on, else it begins here; once signed, what became of it.
import { useMemo, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { newDraft } from '../../../core/visit/draft.ts';
import { standingVersions } from '../../../core/visit/findings.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { ApiError } from '../../api/client.ts';
import { CLINIC, heldQuery, openedRecordQuery } from '../../api/clinic.ts';
import type { Kept, KeptVisit } from '../../api/kept-visits.ts';
import { dropKept } from '../../api/kept-visits.ts';
import { sendVisit, useKept } from '../../api/visits.ts';
import { formatUhid } from '../../i18n/format.ts';
import { paths } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Loading, PageTitle } from '../../ui/section.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { localDay } from '../local-day.ts';
import { nameIn, patientOf } from '../person-head.tsx';
import { useClinicProblem } from '../problem.ts';
import { DoneView, LateView, WaitsView } from './visit-after.tsx';
import { VisitEditor } from './visit-editor.tsx';

export function VisitPage() {
  const { t } = useTranslation('visit');
  const problem = useClinicProblem();
  const { id = '' } = useParams({ strict: false });
  const { account, kept: all } = useKept();
  const held = useQuery(heldQuery);
  const record = useQuery(openedRecordQuery(id));
  const found = all?.find(({ draft, state }) => draft.patientId === id && state !== 'sent');
  const away = record.error instanceof ApiError && record.error.status === 0;
  const gone = record.error !== null && all !== undefined && found === undefined;
  if (gone)
    return (
      <>
        <PageTitle>{t('title')}</PageTitle>
        <ErrorBand
          actions={<LinkButton href={paths.clinic}>{t('toToday')}</LinkButton>}
          title={away ? undefined : t('closed')}
        >
          {problem(record.error)}
        </ErrorBand>
      </>
    );
  // Without network a draft can be gone on with: what it is checked against is then only what the server knows.
  const known = record.data ?? (record.error === null ? undefined : []);
  const heldHere = held.data ?? (away ? [] : undefined);
  if (account === undefined || all === undefined || heldHere === undefined || known === undefined)
    return <Loading>{t('loading')}</Loading>;
  return (
    <OneVisit
      account={account}
      found={found}
      away={away && held.data === undefined}
      held={heldHere.filter(({ patient }) => patient === id)}
      patientId={id}
      record={known as unknown as readonly Resource[]}
    />
  );
}

interface OneVisitProps {
  readonly account: string;
  readonly patientId: string;
  readonly found: Kept | undefined;
  /** Opened without network: whether one may write is not known. */
  readonly away: boolean;
  readonly held: Parameters<typeof VisitEditor>[0]['held'];
  readonly record: readonly Resource[];
}

function OneVisit({ account, away, patientId, found, held, record }: OneVisitProps) {
  const { t } = useTranslation('visit');
  const queries = useQueryClient();
  const [sending, setSending] = useState(false);
  /** It was sent, and the record with it in is on its way. */
  const [renewing, setRenewing] = useState(false);
  const [done, setDone] = useState<KeptVisit>();
  const [late, setLate] = useState(false);
  const [round, setRound] = useState(0);
  const today = localDay();
  const person = patientOf(record, patientId);
  const uhid = held.find(({ person: each }) => each !== undefined)?.person?.uhid ?? found?.person.uhid ?? '';
  const name =
    nameIn(person) ??
    held.find(({ person: each }) => each?.name !== undefined)?.person?.name ??
    found?.person.name ??
    (uhid === '' ? t('somebody') : formatUhid(uhid));
  const fresh = useMemo(
    (): KeptVisit => ({
      draft: newDraft({
        id: crypto.randomUUID(),
        patientId,
        startedAt: new Date().toISOString(),
        today: localDay(),
        seen: standingVersions(record),
      }),
      person: { name, uhid },
      state: 'open',
      unanswered: 0,
    }),
    // One draft a round: what is read anew meanwhile does not begin another.
    // oxlint-disable-next-line react/exhaustive-deps
    [patientId, round],
  );
  const again = async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: CLINIC });
    setRound((before) => before + 1);
  };
  const send = async (waiting: Kept): Promise<void> => {
    setSending(true);
    try {
      const after = await sendVisit(account, waiting);
      if (after.state === 'sent') {
        setDone(after);
        setRenewing(true);
      }
      await again();
    } finally {
      setSending(false);
      setRenewing(false);
    }
  };
  if (late) return <LateView name={name} onAnother={() => setLate(false)} patientId={patientId} />;
  if (done !== undefined)
    return <DoneView name={name} onAnother={() => setDone(undefined)} patientId={patientId} visit={done} />;
  // Begun now it would begin anew once the record has come, without what was typed meanwhile.
  if (renewing) return <Loading>{t('loading')}</Loading>;
  if (found?.state === 'waiting' && !sending)
    return (
      <WaitsView
        account={account}
        name={name}
        of={found}
        onChanged={() => void again()}
        onSend={send}
        held={held}
      />
    );
  const first = found ?? fresh;
  return (
    <VisitEditor
      account={account}
      away={away}
      first={first}
      held={held}
      keptAt={found?.savedAt}
      key={`${first.draft.id} ${round}`}
      name={name}
      onDrop={() => {
        void dropKept(first.draft.id).then(again);
        announceDone(t('draft.dropped'));
      }}
      onLateSent={() => {
        setLate(true);
        void dropKept(first.draft.id).then(again);
      }}
      onSigned={(waiting) => void send(waiting)}
      onTakeOther={() => void again()}
      patientId={patientId}
      person={person}
      record={record}
      revision={found?.revision ?? 0}
      sending={sending}
      today={today}
      uhid={uhid}
    />
  );
}
