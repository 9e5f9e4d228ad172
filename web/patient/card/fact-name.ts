// A short name for any fact, for lists in which entries are chosen one by one.
import { say } from '../../../core/card/words/say.ts';
import type { CodeListName } from '../../../core/record/code-lists/terms.ts';
import type { Code, Fact, SectionId, SectionValues } from '../../../core/record/facts.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { useTerm } from '../facts/terms.ts';

export type NameFact = (section: SectionId, fact: Fact<SectionValues[SectionId]>) => string;

export function useFactName(): NameFact {
  const term = useTerm();
  const language = useLanguage();
  const named = (list: CodeListName, text: string, codes: readonly Code[]): string =>
    term(list, { text, codes });
  return (section, { value }) => {
    if ('substance' in value) return named('allergens', value.substance, value.codes);
    if ('basis' in value) return named('medicines', value.name, value.codes);
    if ('uncertain' in value) return named('conditions', value.name, value.codes);
    if ('vaccine' in value) return named('vaccines', value.vaccine, value.codes);
    if ('mri' in value) return named('implants', value.kind, value.codes);
    if ('title' in value) return value.title;
    if (section === 'disabilities' && 'codes' in value && 'name' in value)
      return named('disabilities', value.name, value.codes);
    if ('unit' in value)
      return `${say(language, { key: `row.${value.kind}` })}, ${value.value}\u00a0${value.unit}`;
    if ('answer' in value)
      return say(language, { key: `donor.${value.answer === 'some' ? 'yes' : value.answer}` });
    if ('state' in value) return say(language, { key: `pregnancy.${plainPregnancy(value.state)}` });
    if ('name' in value) return value.name;
    return 'text' in value ? value.text : '';
  };
}

function plainPregnancy(state: 'pregnant' | 'not-pregnant' | 'possible' | 'unknown') {
  return state === 'not-pregnant' ? 'not-pregnant-undated' : state;
}
