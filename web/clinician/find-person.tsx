// Who is here: by health ID, by the card, or by name and birth date among those whose record is open. Nobody else is looked up.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Patient } from '@medplum/fhirtypes';
import type { Resource } from '../../core/fhir/types.ts';
import { displayName } from '../../core/record/human-name.ts';
import { heldQuery, useAsk } from '../api/clinic.ts';
import { useLastingMutation } from '../api/lasting-mutation.ts';
import { findOpenPeople } from '../api/visits.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { clinicPaths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { ScanCode } from '../ui/scan-code.tsx';
import { NextRow, Rows, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useClinicProblem } from './problem.ts';
import { visitTerms } from './visit-terms.ts';
import './clinic.css';

export function FindPerson() {
  const { t } = useTranslation('visit');
  const problem = useClinicProblem();
  const navigate = useNavigate();
  const { data: held = [] } = useQuery(heldQuery);
  const [typed, setTyped] = useState('');
  const [card, setCard] = useState<string>();
  const ask = useAsk();
  const digits = typed.replace(/\D/g, '');
  const open = held.find(
    ({ person, state, basis }) => person?.uhid === digits && state === 'active' && basis === 'edit',
  );
  const patient = card ?? typed;
  const missing = card === undefined && digits.length < 14;
  return (
    <Section title={t('find.title')}>
      <form
        className="clinic-find"
        onSubmit={(event) => {
          event.preventDefault();
          if (missing) return;
          if (open !== undefined && card === undefined) {
            void navigate({ to: clinicPaths.visit(open.patient) });
            return;
          }
          ask.mutate(
            { ...visitTerms, patient },
            { onSuccess: ({ id }) => void navigate({ to: clinicPaths.request(id) }) },
          );
        }}
      >
        <TextField
          autoComplete="off"
          hint={card === undefined ? t('find.uhidHint') : t('find.card')}
          inputMode="numeric"
          label={t('find.uhid')}
          maxLength={24}
          onChange={(value) => {
            setTyped(value);
            setCard(undefined);
          }}
          value={typed}
        />
        <Button
          busy={ask.isPending && t('find.asking')}
          look="primary"
          missing={missing ? t('find.missingUhid') : undefined}
          type="submit"
        >
          {t(open === undefined || card !== undefined ? 'find.ask' : 'find.open')}
        </Button>
      </form>
      {missing || open !== undefined ? null : (
        <p className="quiet">
          {t('find.asks')} <a href={clinicPaths.ask}>{t('find.otherTerms')}</a>
        </p>
      )}
      {ask.isError ? <ErrorBand key={ask.failureCount}>{problem(ask.error)}</ErrorBand> : null}
      <ScanCode onRead={setCard} />
      <details className="clinic-by-name">
        <summary>{t('find.byName')}</summary>
        <ByName />
      </details>
    </Section>
  );
}

function ByName() {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  const problem = useClinicProblem();
  const [name, setName] = useState('');
  const [birthDate, setBirthDate] = useState('');
  const search = useLastingMutation({
    mutationFn: () => findOpenPeople(name.trim(), birthDate === '' ? undefined : birthDate),
  });
  const { data: held = [] } = useQuery(heldQuery);
  const others = search.data?.filter((one) => held.some(({ patient }) => patient === one.id));
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim().length > 1) search.mutate();
      }}
    >
      <p className="quiet">{t('find.byNameNote')}</p>
      <div className="clinic-find">
        <TextField
          autoComplete="off"
          label={t('find.name')}
          maxLength={100}
          onChange={setName}
          value={name}
        />
        <TextField
          label={t('find.birthDate')}
          onChange={setBirthDate}
          optional
          type="date"
          value={birthDate}
        />
        <Button
          busy={search.isPending && t('find.searching')}
          missing={name.trim().length < 2 ? t('find.missing') : undefined}
          type="submit"
        >
          {t('find.search')}
        </Button>
      </div>
      {search.isError ? <ErrorBand key={search.failureCount}>{problem(search.error)}</ErrorBand> : null}
      <div role="status">{others?.length === 0 ? <p className="quiet">{t('find.nobody')}</p> : null}</div>
      {others === undefined || others.length === 0 ? null : (
        <Rows>
          {others.map((one) => {
            const { birthDate: born, id = '' } = one as Patient;
            const pen = held.some(
              ({ patient, basis, state }) => patient === id && basis === 'edit' && state === 'active',
            );
            return (
              <NextRow
                detail={born === undefined ? undefined : formatDate(born, language)}
                href={pen ? clinicPaths.visit(id) : clinicPaths.patient(id)}
                icon="person"
                key={id}
                title={displayName((one as unknown as Resource)['name'])}
              />
            );
          })}
        </Rows>
      )}
    </form>
  );
}
