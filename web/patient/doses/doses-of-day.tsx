// The doses of a day by their times: what is due, what is late, what was taken or left out, with a way back.
import { useId, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dayAfter } from '../../../core/doses/local-time.ts';
import { stateOf, tickedForDays } from '../../../core/doses/plan.ts';
import type { Dose } from '../../api/doses.ts';
import { dosesQuery, useTickDose } from '../../api/doses.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Loading, Section } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useClock } from './use-clock.ts';
import { useMayChange } from './use-may-change.ts';
import './doses.css';

export function DosesOfDay() {
  const { t } = useTranslation(['doses', 'common']);
  const language = useLanguage();
  const problemWords = useProblemWords();
  const [day, setDay] = useState<string>();
  const { data, error } = useQuery(dosesQuery(day));
  const shown = day ?? data?.today;
  const isToday = day === undefined || day === data?.today;
  const title = isToday || shown === undefined ? t('today') : formatDate(shown, language);
  const step = (by: number): void => {
    if (data === undefined || shown === undefined) return;
    const next = dayAfter(shown, by);
    setDay(next === data.today ? undefined : next);
  };
  return (
    <Section
      action={
        <LinkButton href={paths.reminders} look="link">
          {t('toReminders')}
        </LinkButton>
      }
      title={title}
    >
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data === undefined ? null : (
        <>
          {data.doses.length === 0 ? (
            <p className="quiet">
              {t(data.medicines.some(({ plan }) => plan !== undefined) ? 'none' : 'noneSet')}
            </p>
          ) : (
            <ul className="rows doses">
              {data.doses.map((dose) => (
                <DoseRow day={day} dose={dose} key={`${dose.medicine} ${dose.dose}`} zone={data.zone} />
              ))}
            </ul>
          )}
          <div className="row dose-days">
            {shown !== undefined && shown > dayAfter(data.today, -tickedForDays) ? (
              <Button icon="back" look="link" onPress={() => step(-1)}>
                {t('dayBefore')}
              </Button>
            ) : null}
            {isToday ? null : (
              <Button icon="forward" look="link" onPress={() => step(1)}>
                {t('dayAfter')}
              </Button>
            )}
          </div>
        </>
      )}
    </Section>
  );
}

interface DoseRowProps {
  readonly dose: Dose;
  readonly day: string | undefined;
  readonly zone: string;
}

function DoseRow({ dose, day, zone }: DoseRowProps) {
  const { t } = useTranslation('doses');
  const problemWords = useProblemWords();
  const id = useId();
  const mayChange = useMayChange();
  const tick = useTickDose(day, zone);
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const nowMs = useClock();
  const { name, words, tickedAt } = dose;
  const time = dose.dose.slice(11);
  const which = { name, time };
  const ticked = dose.state === 'taken' || dose.state === 'skipped' ? dose.state : undefined;
  // The page stays open: what was later is due after a while.
  const state = stateOf(dose.dose, zone, ticked, nowMs);
  return (
    <li className="dose" data-state={state}>
      <p className="dose-time">{time}</p>
      <div className="dose-words">
        <p className="dose-name" id={id}>
          {name}
        </p>
        {words === undefined ? null : <p className="quiet">{words}</p>}
        <p className="dose-state" role="status">
          {state === 'taken' ? <Icon name="tick" size={18} /> : null}
          {state === 'late' ? <Icon name="triangle" size={18} /> : null}
          <span>
            {state === 'taken'
              ? t('state.taken', { time: (tickedAt ?? '').slice(11, 16) })
              : t(`state.${state}`)}
            {dose.reason === undefined ? '' : `: ${dose.reason}`}
          </span>
        </p>
        {tick.isError ? <ErrorBand>{problemWords(tick.error)}</ErrorBand> : null}
        {asking ? (
          <form
            className="stack dose-why"
            onSubmit={(event) => {
              event.preventDefault();
              tick.mutate(
                { dose, state: 'skipped', reason: reason.trim() },
                {
                  onSuccess: () => {
                    setAsking(false);
                    setReason('');
                  },
                },
              );
            }}
          >
            <TextField
              hint={t('why.hint')}
              label={t('why', which)}
              maxLength={200}
              onChange={setReason}
              optional
              value={reason}
            />
            <div className="row">
              <Button busy={tick.isPending && t('saving')} look="primary" type="submit">
                {t('why.save', which)}
              </Button>
              <Button look="link" onPress={() => setAsking(false)}>
                {t('why.cancel', which)}
              </Button>
            </div>
          </form>
        ) : null}
      </div>
      {!mayChange || asking ? null : (
        <div className="row dose-acts">
          {ticked !== undefined ? (
            <Button
              label={t('undoOf', which)}
              look="link"
              onPress={() => tick.mutate({ dose, state: 'open' })}
            >
              {t('undo')}
            </Button>
          ) : (
            <>
              <Button
                busy={tick.isPending && t('saving')}
                label={t('takenOf', which)}
                onPress={() => tick.mutate({ dose, state: 'taken' })}
              >
                {t('taken')}
              </Button>
              <Button label={t('skipOf', which)} look="link" onPress={() => setAsking(true)}>
                {t('skip')}
              </Button>
            </>
          )}
        </div>
      )}
    </li>
  );
}
