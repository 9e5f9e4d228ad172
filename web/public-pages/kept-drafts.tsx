// Drafts of visits that this device keeps, for whoever it still knows as signed in: they can be gone on with while the server cannot be asked.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Kept } from '../api/kept-visits.ts';
import { listKept } from '../api/kept-visits.ts';
import { keptSeat } from '../api/seat.ts';
import { formatTime, formatUhid } from '../i18n/format.ts';
import { clinicPaths } from '../paths.ts';
import { NextRow, Rows, Section } from '../ui/section.tsx';

async function findDrafts(nowMs: number): Promise<readonly Kept[]> {
  const seat = await keptSeat(nowMs);
  if (seat === undefined) return [];
  return (await listKept(seat.account.id, nowMs)).filter(({ state }) => state !== 'sent');
}

export function KeptDrafts() {
  const { t } = useTranslation('common');
  const [drafts, setDrafts] = useState<readonly Kept[]>([]);
  useEffect(() => {
    // A device that keeps nothing has no drafts to show.
    findDrafts(Date.now()).then(setDrafts, () => undefined);
  }, []);
  if (drafts.length === 0) return null;
  return (
    <Section title={t('broken.drafts')}>
      <Rows>
        {drafts.map(({ draft, person, savedAt }) => (
          <NextRow
            href={clinicPaths.visit(draft.patientId)}
            icon="pencil"
            key={draft.id}
            title={t('broken.draftOf', {
              name: person.name ?? formatUhid(person.uhid ?? ''),
              time: formatTime(new Date(savedAt).toISOString()),
            })}
          />
        ))}
      </Rows>
    </Section>
  );
}
