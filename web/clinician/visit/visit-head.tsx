// Who it is, what can kill them, and until when may be written.
import { useTranslation } from 'react-i18next';
import type { Resource } from '../../../core/fhir/types.ts';
import { objectsAt, textAt } from '../../../core/record/elements.ts';
import { readAllergen } from '../../../core/clinical/read-record.ts';
import { medicineClasses } from '../../../core/record/code-lists/medicines.ts';
import { isTaken } from '../../../core/clinical/read-record.ts';
import { timelineEntry } from '../../../core/timeline/timeline-entry.ts';
import { useExtend } from '../../api/clinic.ts';
import type { Grant } from '../../api/sharing.ts';
import { ageInYears, formatDate, formatTime, formatUhid } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { clinicPaths, paths } from '../../paths.ts';
import { useNavigate } from '@tanstack/react-router';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { DangerBlock } from '../../ui/danger-block.tsx';
import type { DangerLine } from '../../ui/danger-block.tsx';
import { Icon } from '../../ui/icons.tsx';
import { PageTitle } from '../../ui/section.tsx';
import { useClinicProblem } from '../problem.ts';

export interface VisitHeadProps {
  readonly patientId: string;
  readonly name: string;
  readonly uhid: string;
  readonly person: Resource | undefined;
  readonly record: readonly Resource[];
  readonly today: string;
  readonly pen: Grant | undefined;
  readonly former: Grant | undefined;
}

export function VisitHead(props: VisitHeadProps) {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  const birthDate = textAt(props.person, 'birthDate');
  const age = birthDate === undefined ? undefined : ageInYears(birthDate, props.today);
  const sex = (['male', 'female', 'other', 'unknown'] as const).find(
    (each) => each === textAt(props.person, 'gender'),
  );
  const about = [
    ...(age === undefined || birthDate === undefined
      ? []
      : [t('born', { age, date: formatDate(birthDate, language) })]),
    ...(sex === undefined ? [] : [t(`sex.${sex}`)]),
    ...(props.uhid === '' ? [] : [formatUhid(props.uhid)]),
  ];
  return (
    <div className="visit-head">
      <div className="visit-who">
        <PageTitle lead={about.join(', ')} tab={t('title')}>
          {props.name}
        </PageTitle>
        <div className="visit-ways">
          <Pen former={props.former} pen={props.pen} />
          <a href={clinicPaths.patient(props.patientId)}>{t('toChart')}</a>
          <a className="visit-today" href={paths.clinic}>
            {t('toToday')}
          </a>
        </div>
      </div>
      <Dangers record={props.record} today={props.today} />
    </div>
  );
}

function Pen({ pen, former }: { readonly pen: Grant | undefined; readonly former: Grant | undefined }) {
  const { t } = useTranslation('visit');
  const problem = useClinicProblem();
  const navigate = useNavigate();
  const extend = useExtend();
  if (pen?.endsAt != null)
    return (
      <p className="visit-pen" data-open="">
        <Icon name="key" size={18} />
        {t('penUntil', { time: formatTime(pen.endsAt) })}
      </p>
    );
  return (
    <>
      <p className="visit-pen">
        <Icon name="lock" size={18} />
        {former?.endsAt == null ? t('penNone') : t('penOver', { time: formatTime(former.endsAt) })}
      </p>
      {extend.isError ? <ErrorBand key={extend.failureCount}>{problem(extend.error)}</ErrorBand> : null}
      {former === undefined ? null : (
        <Button
          onPress={() =>
            extend.mutate(former.id, {
              onSuccess: ({ id }) => void navigate({ to: clinicPaths.request(id) }),
            })
          }
        >
          {t('penMore')}
        </Button>
      )}
    </>
  );
}

const DANGEROUS = ['anticoagulant', 'insulin', 'steroid', 'immunosuppressant', 'chemotherapy'] as const;

function Dangers({ record, today }: { readonly record: readonly Resource[]; readonly today: string }) {
  const { t } = useTranslation('visit');
  const allergies = record.filter(
    (one) => one.resourceType === 'AllergyIntolerance' && readAllergen(one) !== undefined,
  );
  const medicines = record.filter((one) => {
    if (!isTaken(one, today)) return false;
    const classes = medicineClasses([], timelineEntry(one)?.title ?? '');
    return DANGEROUS.some((each) => classes.includes(each));
  });
  const lines = [...allergies, ...medicines].map((one): DangerLine => {
    const entry = timelineEntry(one);
    return { noun: entry?.title ?? '', instruction: entry?.lines[0] };
  });
  const once = [...new Map(lines.map((line) => [line.noun, line])).values()].filter(
    ({ noun }) => noun !== '',
  );
  if (once.length === 0) return <p className="visit-nothing">{t('context.noAllergies')}</p>;
  return <DangerBlock compact lines={once.slice(0, 12)} />;
}

export const patientOf = (record: readonly Resource[], id: string): Resource | undefined =>
  record.find((one) => one.resourceType === 'Patient' && textAt(one, 'id') === id);

/** The name as the record has it; undefined where it is not covered. */
export function nameIn(person: Resource | undefined): string | undefined {
  const [name] = objectsAt(person, 'name');
  const text = textAt(name, 'text');
  return text === undefined || text === '' ? undefined : text;
}
