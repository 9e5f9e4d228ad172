// Where the times hold, when nobody is reminded, and whether a mail comes as well. A mail says that there is something new, and never what.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { localAt } from '../../../core/doses/local-time.ts';
import { clockProblem } from '../../../core/doses/plan.ts';
import type { DosesOfDay } from '../../api/doses.ts';
import { deviceZone, useDoseSettings } from '../../api/doses.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField, Tick } from '../../ui/choice.tsx';
import { Section } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';

export function ReminderSettings({ now }: { readonly now: DosesOfDay }) {
  const { t } = useTranslation('doses');
  const problemWords = useProblemWords();
  const save = useDoseSettings();
  const here = deviceZone();
  const [zone, setZone] = useState(now.zoneIsChosen ? now.zone : here);
  const [hasQuiet, setHasQuiet] = useState(now.quiet !== undefined);
  const [quiet, setQuiet] = useState(now.quiet ?? { from: '22:00', until: '07:00' });
  const [byMail, setByMail] = useState(now.byMail);
  const wrong = hasQuiet && clockProblem(quiet);
  const zones = [...new Set([zone, here, ...Intl.supportedValuesOf('timeZone')])];
  return (
    <Section title={t('how.title')}>
      <form
        className="stack-wide"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) save.mutate({ zone, byMail, ...(hasQuiet ? { quiet } : {}) });
        }}
      >
        {now.zoneIsChosen && !isSameTime(now.zone, here) ? (
          <Band tone="info">{t('zone.elsewhere', { here: zoneWords(here), kept: zoneWords(now.zone) })}</Band>
        ) : null}
        <SelectField
          hint={t('zone.hint')}
          label={t('zone')}
          onChange={(value) => setZone(value ?? here)}
          options={zones.map((value) => ({ value, label: zoneWords(value) }))}
          value={zone}
        />
        <Tick checked={hasQuiet} hint={t('quiet.hint')} label={t('quiet')} onChange={setHasQuiet} />
        {hasQuiet ? (
          <div className="row dose-quiet">
            <TextField
              error={wrong ? t('quiet.wrong') : undefined}
              label={t('quiet.from')}
              onChange={(from) => setQuiet({ ...quiet, from })}
              type="time"
              value={quiet.from}
            />
            <TextField
              label={t('quiet.until')}
              onChange={(until) => setQuiet({ ...quiet, until })}
              type="time"
              value={quiet.until}
            />
          </div>
        ) : null}
        {now.mayBeMailed ? (
          <Tick checked={byMail} hint={t('mail.hint')} label={t('mail')} onChange={setByMail} />
        ) : null}
        {save.isError ? <ErrorBand>{problemWords(save.error)}</ErrorBand> : null}
        {save.isSuccess ? (
          <Band announce tone="ok">
            {t('how.saved')}
          </Band>
        ) : null}
        <Button busy={save.isPending && t('saving')} type="submit">
          {t('how.save')}
        </Button>
      </form>
    </Section>
  );
}

/** One place may have two names. */
const isSameTime = (one: string, other: string): boolean =>
  [0, 1, 2, 3].every((quarter) => {
    const at = Date.now() + quarter * 91 * 86_400_000;
    return localAt(at, one) === localAt(at, other);
  });

const zoneWords = (zone: string): string => zone.replaceAll('_', ' ');
