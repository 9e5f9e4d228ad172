// Vital signs in one line of boxes: what a value means stands under it in words, with the source of the bands at the end.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bandOf, bandsOf } from '../../../core/clinical/bands.ts';
import type { Band } from '../../../core/clinical/bands.ts';
import { compute } from '../../../core/forms/compute.ts';
import type { VisitDraft, VitalId } from '../../../core/visit/draft.ts';
import type { VisitProblem } from '../../../core/visit/problems.ts';
import { numberIn, vitalField } from '../../../core/visit/problems.ts';
import { readPressure } from '../../../core/visit/read-line.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { Small } from './medicine-line.tsx';
import { VisitRow } from './visit-row.tsx';

const SHOWN = ['pulse', 'temperature', 'oxygen-saturation', 'respiratory-rate', 'weight', 'height'] as const;

export interface VitalsRowProps {
  readonly vitals: VisitDraft['vitals'];
  readonly adult: boolean;
  readonly problems: readonly VisitProblem[];
  readonly onChange: (vitals: VisitDraft['vitals']) => void;
}

export function VitalsRow({ vitals, adult, problems, onChange }: VitalsRowProps) {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  const bmi = compute('bmi', (id) => {
    const value = numberIn(vitals[id as VitalId]);
    return value === undefined || Number.isNaN(value) ? undefined : value;
  });
  const read = (id: string, value: number | undefined): Band | undefined => {
    const [bands, ...others] = bandsOf(id);
    return !adult || bands === undefined || others.length > 0 || value === undefined
      ? undefined
      : bandOf(bands, value);
  };
  const wordsOf = (band: Band | undefined): string | undefined =>
    band === undefined || band.tone === 'normal' ? undefined : band.words[language === 'hi' ? 1 : 0];
  const inRange = (id: VitalId): number | undefined =>
    problems.some(({ field }) => field === id) ? undefined : numberIn(vitals[id]);
  const measured = [...SHOWN, 'systolic' as const, 'diastolic' as const].filter(
    (id) => inRange(id) !== undefined,
  );
  const sources = new Set(
    [...measured, ...(bmi === undefined ? [] : ['bmi'])].flatMap((id) => {
      const [bands] = bandsOf(id);
      return bands === undefined ? [] : [`${shortName(bands.source.name)}, ${bands.source.year}`];
    }),
  );
  const pressure = [read('systolic', inRange('systolic')), read('diastolic', inRange('diastolic'))];
  const worst = pressure.find((band) => band !== undefined && band.tone !== 'normal');
  return (
    <VisitRow label={t('vitals')}>
      <div className="visit-vitals">
        <Pressure
          onChange={(both) => onChange({ ...vitals, ...both })}
          tone={worst?.tone}
          vitals={vitals}
          words={wordsOf(worst)}
          wrong={problems.some(({ field }) => field === 'systolic' || field === 'diastolic')}
        />
        {SHOWN.map((id) => {
          const problem = problems.find(({ field }) => field === id);
          const band = read(id, inRange(id));
          const [low, high] = vitalField(id).range ?? [0, 0];
          return (
            <Small key={id} label={t(`vital.${id}`)}>
              {(fieldId) => (
                <>
                  <input
                    aria-describedby={`${fieldId}-read`}
                    aria-invalid={problem !== undefined}
                    id={fieldId}
                    inputMode="decimal"
                    maxLength={8}
                    onChange={(event) => onChange({ ...vitals, [id]: event.target.value })}
                    value={vitals[id] ?? ''}
                  />
                  <span className="visit-read" data-tone={band?.tone} id={`${fieldId}-read`}>
                    {problem === undefined
                      ? wordsOf(band)
                      : 'low' in problem && problem.code === 'out-of-range'
                        ? t('vital.outOfRange', { low, high })
                        : t('vital.notANumber')}
                  </span>
                </>
              )}
            </Small>
          );
        })}
      </div>
      <p className="quiet small" role="status">
        {bmi === undefined ? null : (
          <strong>
            {t('vital.bmi', { value: bmi })}
            {wordsOf(read('bmi', bmi)) === undefined ? '' : `, ${wordsOf(read('bmi', bmi)) ?? ''}`}.{' '}
          </strong>
        )}
        {sources.size === 0
          ? null
          : adult
            ? t('vitals.bands', { sources: [...sources].join('; ') })
            : t('vitals.child')}
      </p>
    </VisitRow>
  );
}

/** As people know them: what stands in the decision tables is the whole reference. */
const shortName = (name: string): string => name.split(/[:.]/)[0] ?? name;

function Pressure(props: {
  readonly vitals: VisitDraft['vitals'];
  readonly onChange: (both: { systolic: string; diastolic: string }) => void;
  readonly words: string | undefined;
  readonly tone: string | undefined;
  readonly wrong: boolean;
}) {
  const { t } = useTranslation('visit');
  const { systolic = '', diastolic = '' } = props.vitals;
  const [typed, setTyped] = useState(systolic === '' ? '' : `${systolic}/${diastolic}`);
  return (
    <Small label={t('vital.pressure')} spoken={t('vital.pressureLong')}>
      {(id) => (
        <>
          <input
            aria-describedby={`${id}-read`}
            aria-invalid={props.wrong}
            id={id}
            maxLength={9}
            onChange={(event) => {
              setTyped(event.target.value);
              const read = readPressure(event.target.value);
              // Half a pressure is kept as it is: it is asked for before signing.
              props.onChange(read ?? { systolic: event.target.value.trim(), diastolic: '' });
            }}
            placeholder="120/80"
            value={typed}
          />
          <span className="visit-read" data-tone={props.tone} id={`${id}-read`}>
            {props.wrong ? t('vital.pair') : props.words}
          </span>
        </>
      )}
    </Small>
  );
}
