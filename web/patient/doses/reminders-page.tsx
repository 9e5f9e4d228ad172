// Which medicines one is reminded of and when, how one is reminded, and the weeks behind.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { MedicineToTake } from '../../api/doses.ts';
import { dosesQuery } from '../../api/doses.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths, recordPaths } from '../../paths.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Loading, PageTitle, Section } from '../../ui/section.tsx';
import { DoseWeeks } from './dose-weeks.tsx';
import { PlanForm, weekdayName } from './plan-form.tsx';
import { ReminderSettings } from './reminder-settings.tsx';
import { useMayChange } from './use-may-change.ts';
import './doses.css';

export function RemindersPage() {
  const { t } = useTranslation(['doses', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(dosesQuery());
  const mayChange = useMayChange();
  const [open, setOpen] = useState<string>();
  const opened = data?.medicines.find(({ ref }) => ref === open);
  return (
    <>
      <PageTitle
        action={
          <LinkButton href={paths.doses} icon="pill">
            {t('toToday')}
          </LinkButton>
        }
        lead={t('reminders.lead')}
      >
        {t('reminders.title')}
      </PageTitle>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data === undefined ? null : (
        <>
          {mayChange ? null : <Band tone="info">{t('viewOnly')}</Band>}
          <Section title={t('medicines.title')}>
            {data.medicines.length === 0 ? (
              <div className="stack">
                <p className="quiet">{t('medicines.none')}</p>
                {mayChange ? (
                  <LinkButton href={recordPaths.add('medicines')} icon="plus">
                    {t('medicines.add')}
                  </LinkButton>
                ) : null}
              </div>
            ) : (
              <ul className="rows">
                {data.medicines.map((one) => (
                  <MedicineRow
                    key={one.ref}
                    medicine={one}
                    onSet={mayChange ? () => setOpen(one.ref) : undefined}
                  />
                ))}
              </ul>
            )}
          </Section>
          <DoseWeeks />
          {mayChange ? <ReminderSettings now={data} /> : null}
          {opened === undefined ? null : (
            <PlanForm
              key={opened.ref}
              medicine={opened}
              onClose={() => setOpen(undefined)}
              today={data.today}
              zone={data.zoneIsChosen ? data.zone : undefined}
            />
          )}
        </>
      )}
    </>
  );
}

function MedicineRow({
  medicine,
  onSet,
}: {
  readonly medicine: MedicineToTake;
  readonly onSet: (() => void) | undefined;
}) {
  const { t } = useTranslation('doses');
  const language = useLanguage();
  const { name, words, own, plan } = medicine;
  const days =
    plan === undefined || plan.days.length === 0
      ? t('everyDay')
      : plan.days.map((day) => weekdayName(day, language, 'short')).join(', ');
  return (
    <li className="dose-medicine">
      <div>
        <p className="dose-name">{name}</p>
        {words === undefined ? null : <p className="quiet">{words}</p>}
        <p>
          {plan === undefined
            ? t('noReminder')
            : `${plan.times.join(', ')} · ${days}${plan.ends === undefined ? '' : ` · ${t('until', { date: formatDate(plan.ends, language) })}`}`}
        </p>
        <p className="quiet small">{t(own ? 'source.own' : 'source.prescribed')}</p>
      </div>
      {onSet === undefined ? null : (
        <Button label={t(plan === undefined ? 'setOf' : 'changeOf', { name })} onPress={onSet}>
          {t(plan === undefined ? 'set' : 'change')}
        </Button>
      )}
    </li>
  );
}
