// The pen has ended and something is written: what can go to the person as a late entry, and what stays in the draft.
import { useTranslation } from 'react-i18next';
import type { Resource } from '@medplum/fhirtypes';
import type { VisitDraft } from '../../../core/visit/draft.ts';
import { afterLateEntry, lateEntry } from '../../../core/visit/late-entry.ts';
import { useAmend } from '../../api/clinic.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { useClinicProblem } from '../problem.ts';

export interface LateEntryProps {
  readonly draft: VisitDraft;
  readonly patientId: string;
  readonly name: string;
  /** Something is typed that cannot be read: to be put right first. */
  readonly wrong: boolean;
  readonly onSent: (rest: VisitDraft) => void;
}

export function LateEntry({ draft, patientId, name, wrong, onSent }: LateEntryProps) {
  const { t } = useTranslation('visit');
  const problem = useClinicProblem();
  const amend = useAmend();
  const goes = lateEntry(draft, draft.startedAt) !== undefined && !wrong;
  const rest = [
    ...draft.medicines.map(({ text }) => text).filter((text) => text.trim() !== ''),
    ...(draft.picture === undefined ? [] : [t('late.picture')]),
  ];
  const send = (): void => {
    const resource = lateEntry(draft, new Date().toISOString());
    if (resource === undefined) return;
    amend.mutate(
      { patient: patientId, resource: resource as unknown as Resource, reason: t('late.reason') },
      {
        onSuccess: () => {
          announceDone(t('late.done', { name }));
          onSent(afterLateEntry(draft));
        },
      },
    );
  };
  return (
    <>
      <Band
        actions={
          goes ? (
            <Button busy={amend.isPending && t('late.sending')} onPress={send}>
              {t('late.send')}
            </Button>
          ) : undefined
        }
        title={t('late.title')}
        tone="caution"
      >
        {t('late.text', { name })} {rest.length === 0 ? null : t('late.rest', { names: rest.join(', ') })}
      </Band>
      {amend.isError ? <ErrorBand key={amend.failureCount}>{problem(amend.error)}</ErrorBand> : null}
    </>
  );
}
