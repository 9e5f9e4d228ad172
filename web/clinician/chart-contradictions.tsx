// What the record says in two ways where only one can be right, above everything else: nothing is chosen here.
import { useTranslation } from 'react-i18next';
import type { Resource } from '@medplum/fhirtypes';
import type { Resource as CoreResource } from '../../core/fhir/types.ts';
import { donorWords } from '../../core/card/summary-words.ts';
import { say } from '../../core/card/words/say.ts';
import { contradictions } from '../../core/record/contradictions.ts';
import type { Fact } from '../../core/record/facts.ts';
import type { Joined } from '../../core/record/joined.ts';
import { joinedRecordOf } from '../../core/record/joined.ts';
import { recordIndex } from '../../core/record/record-index.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { FactRow } from '../ui/fact-row.tsx';
import { Rows, Section } from '../ui/section.tsx';

/** @param record what of it may be seen, with what follows of joined records */
export function ChartContradictions({
  record,
  joined,
}: {
  readonly record: readonly Resource[];
  readonly joined: readonly Joined[];
}) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const byRecord = Map.groupBy(
    record,
    (one) => joinedRecordOf(one as unknown as CoreResource, joined)?.patientId ?? '',
  );
  const { bloodGroups, organDonor } = contradictions(
    [...byRecord.values()].map((resources) => recordIndex([...resources])),
  );
  const stored = new Map(record.map((one) => [`${one.resourceType}/${one.id ?? ''}`, one]));
  const row = ({ resource, source }: Fact<unknown>, value: string) => {
    const { type, id } = resource;
    const found = stored.get(`${type}/${id}`);
    const from = found === undefined ? undefined : joinedRecordOf(found as unknown as CoreResource, joined);
    const { kind, who, date } = source;
    return (
      <FactRow
        danger
        detail={
          from === undefined
            ? undefined
            : from.on === undefined
              ? t('record.joined')
              : t('record.joinedOn', { when: formatDate(from.on, language) })
        }
        key={`${type}/${id}`}
        source={{
          author: kind,
          ...(who === undefined ? {} : { who }),
          ...(date === undefined ? {} : { on: date }),
        }}
        value={value}
      />
    );
  };
  return (
    <>
      {bloodGroups.length === 0 ? null : (
        <Section note={t('chart.bloodDiffersNote')} title={t('chart.bloodDiffers')}>
          <Rows>{bloodGroups.map((fact) => row(fact, fact.value.text))}</Rows>
        </Section>
      )}
      {organDonor.length === 0 ? null : (
        <Section note={t('chart.donorDiffersNote')} title={t('chart.donorDiffers')}>
          <Rows>{organDonor.map((fact) => row(fact, say(language, donorWords(fact.value))))}</Rows>
        </Section>
      )}
    </>
  );
}
