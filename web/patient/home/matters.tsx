// What matters most: dangers first, then what else is known, each with who says so; and what nobody has asked yet.
import { useTranslation } from 'react-i18next';
import { dangerLinesOf } from '../../../core/card/danger-lines.ts';
import type { DangerLine } from '../../../core/card/danger-lines.ts';
import { conditionDetail, medicineDetail, medicineHeading } from '../../../core/card/summary-words.ts';
import { say, sayAll } from '../../../core/card/words/say.ts';
import type { Message } from '../../../core/card/words/say.ts';
import type { Fact, RecordFacts, SectionId } from '../../../core/record/facts.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths, recordPaths } from '../../paths.ts';
import { FactRow } from '../../ui/fact-row.tsx';
import { Rows, Section } from '../../ui/section.tsx';
import { Silence } from '../../ui/silence.tsx';
import { shownSource, useRecordFacts } from '../facts/record-facts.ts';
import { todayHere } from '../facts/today.ts';

/** So many rows, unless there are more dangers: those are never cut. */
const MOST_ROWS = 6;

export function Matters() {
  const { t } = useTranslation(['home', 'patient-record']);
  const { facts } = useRecordFacts();
  const dangers = dangerLinesOf(facts, todayHere());
  const others = otherFacts(facts, dangers).slice(0, Math.max(0, MOST_ROWS - dangers.length));
  return (
    <Section action={<a href={paths.record}>{t('matters.change')}</a>} title={t('matters.title')}>
      <Rows>
        {dangers.map((line) => (
          <DangerRow key={`${line.section} ${line.resources.map(({ id }) => id).join(' ')}`} line={line} />
        ))}
        {others.map((other) => (
          <OtherRow key={other.id} other={other} />
        ))}
        {(['allergies', 'medicines', 'conditions'] as const).map((section) => (
          <SilentRow facts={facts} key={section} section={section} />
        ))}
      </Rows>
    </Section>
  );
}

function DangerRow({ line }: { readonly line: DangerLine }) {
  const language = useLanguage();
  const detail = sayAll(language, line.detail);
  return (
    <FactRow
      danger
      detail={detail === '' ? undefined : detail}
      source={shownSource(line.source)}
      value={say(language, line.noun)}
    />
  );
}

interface OtherFact {
  readonly id: string;
  readonly value: Message;
  readonly detail: readonly Message[];
  readonly fact: Fact<unknown>;
}

/** Medicines and conditions that no danger line has said already. */
function otherFacts(facts: RecordFacts, dangers: readonly DangerLine[]): readonly OtherFact[] {
  const said = new Set(dangers.flatMap((line) => line.resources.map(({ type, id }) => `${type}/${id}`)));
  const { medicines, conditions } = facts;
  const idOf = ({ resource }: Fact<unknown>): string => `${resource.type}/${resource.id}`;
  const all = [
    ...(medicines.state === 'recorded' ? medicines.facts : []).map((fact) => ({
      id: idOf(fact),
      value: medicineHeading(fact.value),
      detail: medicineDetail(fact.value),
      fact,
    })),
    ...(conditions.state === 'recorded' ? conditions.facts : []).map((fact): OtherFact => ({
      id: idOf(fact),
      value: {
        key: 'danger.thing',
        params: { thing: { term: fact.value.name, codes: fact.value.codes, list: 'conditions' } },
      },
      detail: conditionDetail(fact.value),
      fact,
    })),
  ];
  return all.filter(({ id }) => !said.has(id));
}

function OtherRow({ other }: { readonly other: OtherFact }) {
  const language = useLanguage();
  const detail = other.detail.map((message) => say(language, message)).join(', ');
  return (
    <FactRow
      detail={detail === '' ? undefined : detail.charAt(0).toLocaleUpperCase(language) + detail.slice(1)}
      source={shownSource(other.fact.source)}
      value={say(language, other.value)}
    />
  );
}

function SilentRow({
  facts,
  section,
}: {
  readonly facts: RecordFacts;
  readonly section: SectionId & ('allergies' | 'medicines' | 'conditions');
}) {
  const { t } = useTranslation('patient-record');
  const held = facts[section];
  const label = t(`section.${section}`);
  if (held.state === 'none-known') {
    return (
      <Silence
        kind="none-known"
        label={label}
        source={shownSource(held.source)}
        words={t(`none.${section}`)}
      />
    );
  }
  if (held.state === 'not-recorded') {
    return <Silence addHref={recordPaths.add(section)} kind="not-recorded" label={label} />;
  }
  return null;
}
