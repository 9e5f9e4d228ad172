// Doctors that were asked, each state by its own name, and the way to take a question back.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { askedDoctorsQuery, useWithdrawFromDoctor } from '../../api/doctors.ts';
import type { DoctorRequest } from '../../api/doctors.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { useScopeWords } from '../../ui/scope-words.ts';
import { Rows, Section } from '../../ui/section.tsx';
import { announceDone } from '../../ui/toast.tsx';

const MOST_SHOWN = 10;

export function AskedDoctors() {
  const { t } = useTranslation('sharing');
  const { data = [] } = useQuery(askedDoctorsQuery);
  if (data.length === 0) return null;
  return (
    <Section title={t('doctor.list')}>
      <Rows>
        {data.slice(0, MOST_SHOWN).map((asked) => (
          <AskedRow asked={asked} key={asked.id} />
        ))}
      </Rows>
    </Section>
  );
}

function AskedRow({ asked }: { readonly asked: DoctorRequest }) {
  const { t } = useTranslation('sharing');
  const language = useLanguage();
  const scopeWords = useScopeWords();
  const problemWords = useProblemWords();
  const back = useWithdrawFromDoctor();
  const { doctor, organization, state, words, offer, reason = '' } = asked;
  const name = doctor?.name ?? '';
  const when = formatDate(
    state === 'asked' ? asked.expiresAt : (asked.answeredAt ?? asked.expiresAt),
    language,
  );
  return (
    <li className="stack">
      <div>
        <h3>{name}</h3>
        {organization === null ? null : <p className="quiet small">{organization}</p>}
        <p>{words}</p>
        <p className="quiet small">
          {offer === undefined
            ? t('doctor.offeredNothing')
            : t('doctor.offered', { what: scopeWords(offer.scope, 'own') })}
        </p>
        <p>{t(`doctor.state.${state}`, { when, reason })}</p>
      </div>
      {back.isError ? <ErrorBand key={back.failureCount}>{problemWords(back.error)}</ErrorBand> : null}
      {state === 'asked' ? (
        <Button
          label={t('doctor.backWho', { name })}
          look="link"
          onPress={() => back.mutate(asked.id, { onSuccess: () => announceDone(t('doctor.backDone')) })}
        >
          {t('doctor.back')}
        </Button>
      ) : null}
    </li>
  );
}
