// When one medicine is to be taken: times of day, days of the week, from when until when.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanField } from '../../../core/doses/plan.ts';
import { mostTimes, planProblems } from '../../../core/doses/plan.ts';
import type { DoseTimes, MedicineToTake } from '../../api/doses.ts';
import { deviceZone, usePlan } from '../../api/doses.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { ManyChoice } from '../../ui/choice.tsx';
import { DateField } from '../../ui/date-field.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { FieldError, TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';

const WEEK = ['1', '2', '3', '4', '5', '6', '7'] as const;
type Weekday = (typeof WEEK)[number];

/** A Monday. */
const MONDAY = Date.UTC(2026, 0, 5);

export function weekdayName(day: number, language: string, length: 'long' | 'short' = 'long'): string {
  return new Intl.DateTimeFormat(language, { weekday: length, timeZone: 'UTC' }).format(
    MONDAY + (day - 1) * 86_400_000,
  );
}

export interface PlanFormProps {
  readonly medicine: MedicineToTake;
  readonly zone: string | undefined;
  readonly today: string;
  readonly onClose: () => void;
}

export function PlanForm({ medicine, zone, today, onClose }: PlanFormProps) {
  const { t } = useTranslation('doses');
  return (
    <Sheet onClose={onClose} open title={t('plan.title', { name: medicine.name })}>
      <Fields medicine={medicine} onClose={onClose} today={today} zone={zone} />
    </Sheet>
  );
}

const dayIn = (reading: DateReading): string | undefined =>
  reading.kind === 'date' ? reading.value : undefined;

function Fields({ medicine, zone, today, onClose }: PlanFormProps) {
  const { t } = useTranslation('doses');
  const language = useLanguage();
  const problemWords = useProblemWords();
  const save = usePlan(medicine.ref);
  const { plan } = medicine;
  const [times, setTimes] = useState<readonly string[]>(plan?.times ?? ['08:00']);
  const [days, setDays] = useState<readonly Weekday[]>(
    plan === undefined || plan.days.length === 0 ? WEEK : plan.days.map((day) => String(day) as Weekday),
  );
  const [begins, setBegins] = useState<DateReading>({ kind: 'date', value: plan?.begins ?? today });
  const [ends, setEnds] = useState<DateReading>(
    plan?.ends === undefined ? { kind: 'empty' } : { kind: 'date', value: plan.ends },
  );
  const [tried, setTried] = useState(false);
  const lastDay = dayIn(ends);
  const typed: DoseTimes = {
    times: times.filter((time) => time !== '').toSorted(),
    days: days.length === 7 ? [] : days.map(Number).toSorted((a, b) => a - b),
    begins: dayIn(begins) ?? '',
    ...(lastDay === undefined ? {} : { ends: lastDay }),
  };
  const wrong = new Set<PlanField>(planProblems(typed));
  if (ends.kind === 'problem') wrong.add('ends');
  if (days.length === 0) wrong.add('days');
  const errorOf = (field: PlanField): string | undefined =>
    tried && wrong.has(field) ? t(`wrong.${field}`) : undefined;
  const timesError = errorOf('times');
  const daysError = errorOf('days');
  return (
    <form
      className="stack-wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (wrong.size > 0 || save.isPending) return;
        save.mutate(
          { ...typed, zone: zone ?? deviceZone() },
          {
            onSuccess: () => {
              announceDone(t('plan.saved', { name: medicine.name }));
              onClose();
            },
          },
        );
      }}
    >
      {save.isError ? <ErrorBand>{problemWords(save.error)}</ErrorBand> : null}
      <fieldset className="dose-times">
        <legend className="field-label">{t('plan.times')}</legend>
        {times.map((time, i) => (
          <div className="row dose-time-line" key={String(i)}>
            <TextField
              label={t('plan.time', { number: i + 1 })}
              onChange={(value) => setTimes(times.map((one, at) => (at === i ? value : one)))}
              type="time"
              value={time}
            />
            {times.length === 1 ? null : (
              <Button
                label={t('plan.removeTime', { number: i + 1 })}
                look="link"
                onPress={() => setTimes(times.filter((_, at) => at !== i))}
              >
                {t('plan.remove')}
              </Button>
            )}
          </div>
        ))}
        <FieldError error={timesError} id="dose-times" />
        {times.length >= mostTimes ? null : (
          <Button icon="plus" look="link" onPress={() => setTimes([...times, ''])}>
            {t('plan.addTime')}
          </Button>
        )}
      </fieldset>
      <div>
        <ManyChoice
          label={t('plan.days')}
          onChange={setDays}
          options={WEEK.map((value) => ({ value, label: weekdayName(Number(value), language) }))}
          side
          values={days}
        />
        <FieldError error={daysError} id="dose-days" />
      </div>
      <DateField
        allowFuture
        error={errorOf('begins')}
        initial={plan?.begins ?? today}
        label={t('plan.begins')}
        onChange={setBegins}
      />
      <DateField
        allowFuture
        error={errorOf('ends')}
        initial={plan?.ends}
        label={t('plan.ends')}
        onChange={setEnds}
        optional
      />
      <div className="row">
        <Button busy={save.isPending && t('saving')} look="primary" type="submit">
          {t('plan.save')}
        </Button>
        {plan === undefined ? null : (
          <Button
            onPress={() =>
              save.mutate(undefined, {
                onSuccess: () => {
                  announceDone(t('plan.ended', { name: medicine.name }));
                  onClose();
                },
              })
            }
          >
            {t('plan.end')}
          </Button>
        )}
      </div>
    </form>
  );
}
