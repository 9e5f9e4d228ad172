// People who ask one to be their doctor: accept, say no with a reason, or not hear from them again; and what was answered.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import {
  askingPatientsQuery,
  shutDoorsQuery,
  useAcceptPatient,
  useBlockPatient,
  useOpenDoor,
  useRejectPatient,
} from '../api/doctors.ts';
import type { DoctorRequest } from '../api/doctors.ts';
import { formatDate, formatUhid } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { useScopeWords } from '../ui/scope-words.ts';
import { Rows, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { announceDone } from '../ui/toast.tsx';
import { useClinicProblem } from './problem.ts';

const MOST_ANSWERED = 10;
const LEAST_REASON = 10;

export function AskingPatients() {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const { data, error } = useQuery(askingPatientsQuery);
  const waiting = data?.filter(({ state }) => state === 'asked') ?? [];
  const answered = data?.filter(({ state }) => state !== 'asked') ?? [];
  return (
    <>
      <Section title={t('asking.title')}>
        {error === null ? null : <ErrorBand>{problem(error)}</ErrorBand>}
        {data !== undefined && waiting.length === 0 ? <p className="quiet">{t('asking.none')}</p> : null}
        <Rows>
          {waiting.map((asked) => (
            <AskingRow asked={asked} key={asked.id} />
          ))}
        </Rows>
        {answered.length === 0 ? null : (
          <details>
            <summary>{t('asking.earlier')}</summary>
            <Rows>
              {answered.slice(0, MOST_ANSWERED).map((asked) => (
                <AnsweredRow asked={asked} key={asked.id} />
              ))}
            </Rows>
          </details>
        )}
      </Section>
      <ShutDoors />
    </>
  );
}

function AnsweredRow({ asked }: { readonly asked: DoctorRequest }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  if (asked.state === 'asked') return null;
  return (
    <li>
      <p>{asked.person?.name}</p>
      <p className="quiet small">
        {t(`asking.state.${asked.state}`, {
          when: formatDate(asked.answeredAt ?? asked.expiresAt, language),
        })}
      </p>
    </li>
  );
}

function AskingRow({ asked }: { readonly asked: DoctorRequest }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const scopeWords = useScopeWords();
  const problem = useClinicProblem();
  const [open, setOpen] = useState<'reject' | 'block'>();
  const accept = useAcceptPatient();
  const block = useBlockPatient();
  const failed = accept.error ?? block.error;
  const { person, words, offer } = asked;
  const name = person?.name ?? '';
  return (
    <li className="stack">
      <div>
        <h3>{t('asking.who', { name, uhid: formatUhid(person?.uhid ?? '') })}</h3>
        <p>{words}</p>
        <p className="quiet">
          {offer === undefined
            ? t('asking.offersNothing')
            : t('asking.offers', { what: scopeWords(offer.scope, 'theirs') })}
        </p>
        <p className="quiet small">
          {t('asking.when', {
            when: formatDate(asked.createdAt, language),
            until: formatDate(asked.expiresAt, language),
          })}
        </p>
      </div>
      {failed === null ? null : (
        <ErrorBand key={accept.failureCount + block.failureCount}>{problem(failed)}</ErrorBand>
      )}
      <div className="row clinic-ways">
        <Button
          busy={accept.isPending && t('asking.accepting')}
          label={t('asking.acceptWho', { name })}
          onPress={() =>
            accept.mutate(asked.id, { onSuccess: () => announceDone(t('asking.accepted', { name })) })
          }
        >
          {t('asking.accept')}
        </Button>
        <Button
          label={t('asking.rejectWho', { name })}
          onPress={() => setOpen(open === 'reject' ? undefined : 'reject')}
        >
          {t('asking.reject')}
        </Button>
      </div>
      {open === 'reject' ? <RejectForm id={asked.id} name={name} /> : null}
      <div>
        <Button
          label={t('asking.blockWho', { name })}
          look="link"
          onPress={() =>
            open === 'block'
              ? block.mutate(asked.id, { onSuccess: () => announceDone(t('asking.blocked', { name })) })
              : setOpen('block')
          }
        >
          {t('asking.block')}
        </Button>
        {open === 'block' ? <p className="quiet small">{t('asking.blockText')}</p> : null}
      </div>
    </li>
  );
}

function RejectForm({ id, name }: { readonly id: string; readonly name: string }) {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const reject = useRejectPatient();
  const [reason, setReason] = useState('');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        reject.mutate({ id, reason }, { onSuccess: () => announceDone(t('asking.rejected', { name })) });
      }}
    >
      <TextField
        hint={t('asking.reasonHint')}
        label={t('asking.reason')}
        lines={2}
        maxLength={500}
        onChange={setReason}
        value={reason}
      />
      {reject.isError ? <ErrorBand key={reject.failureCount}>{problem(reject.error)}</ErrorBand> : null}
      <Button
        busy={reject.isPending && t('asking.rejecting')}
        missing={Array.from(reason.trim()).length < LEAST_REASON ? t('missing.reason') : undefined}
        type="submit"
      >
        {t('asking.rejectAct')}
      </Button>
    </form>
  );
}

function ShutDoors() {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const problem = useClinicProblem();
  const { data = [] } = useQuery(shutDoorsQuery);
  const open = useOpenDoor();
  if (data.length === 0) return null;
  return (
    <Section title={t('doors.title')}>
      {open.isError ? <ErrorBand key={open.failureCount}>{problem(open.error)}</ErrorBand> : null}
      <Rows>
        {data.map(({ id, name, since }) => (
          <li className="row-apart" key={id}>
            <div>
              <p>{name}</p>
              <p className="quiet small">{t('doors.since', { when: formatDate(since, language) })}</p>
            </div>
            <Button
              label={t('doors.openWho', { name })}
              look="link"
              onPress={() => open.mutate(id, { onSuccess: () => announceDone(t('doors.opened', { name })) })}
            >
              {t('doors.open')}
            </Button>
          </li>
        ))}
      </Rows>
    </Section>
  );
}
