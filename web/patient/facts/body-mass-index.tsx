// The body mass index with its band, computed from weight and height whenever it is shown.
import { useTranslation } from 'react-i18next';
import type { RecordFacts } from '../../../core/record/facts.ts';
import { ageInYears } from '../../i18n/format.ts';
import { todayHere } from './today.ts';

export interface BodyMassIndexProps {
  readonly facts: RecordFacts;
  readonly weightKg: number | undefined;
  readonly heightCm: number | undefined;
}

const ADULT_YEARS = 20;

/** Bands for adults: WHO, Physical status (TRS 854), 1995. A child's is read by age, so no band is named. */
export function BodyMassIndex({ facts, weightKg, heightCm }: BodyMassIndexProps) {
  const { t } = useTranslation('patient-record');
  if (weightKg === undefined || heightCm === undefined || heightCm < 20) return null;
  const value = Math.round((weightKg / (heightCm / 100) ** 2) * 10) / 10;
  if (value < 5 || value > 120) return null;
  const born = facts.identity.state === 'recorded' ? facts.identity.facts[0]?.value.birthDate : undefined;
  const age = born === undefined ? undefined : ageInYears(born, todayHere());
  const words = { value: value.toFixed(1) };
  return (
    <div className="bmi" role="status">
      <p>
        {age !== undefined && age < ADULT_YEARS
          ? t('bmi.child', words)
          : t('bmi.value', { ...words, band: t(`bmi.${bandOf(value)}`) })}
      </p>
      <p className="small">{t('bmi.source')}</p>
    </div>
  );
}

function bandOf(index: number): 'under' | 'normal' | 'over' | 'obese' {
  if (index < 18.5) return 'under';
  if (index < 25) return 'normal';
  return index < 30 ? 'over' : 'obese';
}
