// Recorded terms in the reader's language. In Hindi a medicine or substance keeps its Latin name beside it,
// because that is what stands on the box.
import { termIn } from '../../../core/record/code-lists/terms.ts';
import type { CodeListName } from '../../../core/record/code-lists/terms.ts';
import type { CodedText } from '../../../core/record/facts.ts';
import { useLanguage } from '../../i18n/texts.ts';

const namedOnBoxes: ReadonlySet<CodeListName> = new Set<CodeListName>(['medicines', 'allergens', 'vaccines']);

export type SayTerm = (list: CodeListName, term: CodedText) => string;

export function useTerm(): SayTerm {
  const language = useLanguage();
  return (list, { text, codes }) => {
    const said = termIn(language, list, text, codes);
    return said !== text && namedOnBoxes.has(list) ? `${said} (${text})` : said;
  };
}
