// Around every page of the clinic: what was signed and waits, so that nobody forgets it; and the sending of it when the network is back.
import { useEffect, useState } from 'react';
import { Outlet, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { keepSeat } from '../api/seat.ts';
import { useMe } from '../api/session.ts';
import type { Kept } from '../api/kept-visits.ts';
import { sendWaiting, useKept } from '../api/visits.ts';
import { formatTime, formatUhid } from '../i18n/format.ts';
import { clinicPaths } from '../paths.ts';
import { Band } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import './visit/visit.css';

const EVERY_MS = 30_000;

export function ClinicOutlet() {
  const { account, kept = [] } = useKept();
  const waiting = kept.filter(({ state }) => state === 'waiting');
  const stopped = kept.filter(({ state }) => state === 'stopped');
  const { id: here } = useParams({ strict: false });
  // Where it is open, its own foot says so.
  const unsigned = kept.filter(
    ({ state, writtenAway, draft }) => state === 'open' && writtenAway === true && draft.patientId !== here,
  );
  const some = waiting.length > 0;
  const { data: me } = useMe();
  // Beside a visit that is kept here: who may open it without network.
  const keeps = kept.length > 0;
  useEffect(() => {
    if (keeps && me != null && me.unasked !== true) void keepSeat(me, Date.now()).catch(() => undefined);
  }, [keeps, me]);
  useEffect(() => {
    if (account === undefined || !some) return undefined;
    const go = (): void => void sendWaiting(account);
    const timer = setInterval(go, EVERY_MS);
    window.addEventListener('online', go);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', go);
    };
  }, [account, some]);
  return (
    <>
      <div className="visit-queue" role="status">
        {account === undefined || !some ? null : <Waiting account={account} of={waiting} />}
        {stopped.length === 0 ? null : <Stopped of={stopped} />}
        {unsigned.length === 0 ? null : <Unsigned of={unsigned} />}
      </div>
      <Outlet />
    </>
  );
}

function Waiting({ account, of }: { readonly account: string; readonly of: readonly Kept[] }) {
  const { t } = useTranslation('visit');
  const [sending, setSending] = useState(false);
  return (
    <Band
      actions={
        <Button
          busy={sending && t('waits.sending')}
          onPress={() => {
            setSending(true);
            void sendWaiting(account).finally(() => setSending(false));
          }}
        >
          {t('waits.now')}
        </Button>
      }
      title={t('waits.list', { count: of.length })}
      tone="caution"
    >
      <VisitLinks of={of} />
    </Band>
  );
}

function Stopped({ of }: { readonly of: readonly Kept[] }) {
  const { t } = useTranslation('visit');
  return (
    <Band title={t('stopped.list', { count: of.length })} tone="danger">
      <VisitLinks of={of} />
    </Band>
  );
}

/** Nothing goes by itself: whoever signs has seen what they sign. */
function Unsigned({ of }: { readonly of: readonly Kept[] }) {
  const { t } = useTranslation('visit');
  return (
    <Band title={t('unsigned.list', { count: of.length })} tone="caution">
      {t('unsigned.text')}
      <ul className="band-list">
        {of.map(({ draft, person }) => (
          <li key={draft.id}>
            <a href={clinicPaths.visit(draft.patientId)}>
              {t('unsigned.of', {
                name: person.name ?? formatUhid(person.uhid ?? ''),
                time: formatTime(draft.startedAt),
              })}
            </a>
          </li>
        ))}
      </ul>
    </Band>
  );
}

function VisitLinks({ of }: { readonly of: readonly Kept[] }) {
  const { t } = useTranslation('visit');
  return (
    <ul className="band-list">
      {of.map(({ draft, person, signing }) => (
        <li key={draft.id}>
          <a href={clinicPaths.visit(draft.patientId)}>
            {t('waits.of', {
              name: person.name ?? formatUhid(person.uhid ?? ''),
              time: formatTime(signing?.at ?? draft.startedAt),
            })}
          </a>
        </li>
      ))}
    </ul>
  );
}
