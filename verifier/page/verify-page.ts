// The verifier as one HTML file: an exported record or a receipt is dropped on it and checked here, by the same core code as everywhere.
// No network, no server, no storage: it works from a memory stick.
import { followKeyChain, openCheckpointOfChain } from '../../core/ledger/key-chain.ts';
import type { KnownRoot } from '../check-log.ts';
import { checkHeldFile, readHeldFile, rootOf } from '../check-record.ts';
import type { HeldFile } from '../check-record.ts';
import { equalBytes } from '../../core/ledger/tree.ts';
import { problemWords } from '../problem-words.ts';
import { pageWords } from './page-words.ts';
import type { PageWord } from './page-words.ts';

const mostShown = 50;
let language: 'en' | 'hi' = navigator.language.startsWith('hi') ? 'hi' : 'en';
let held: HeldFile | undefined;
let note: string | undefined;

const part = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(id);
  return found;
};
const keyField = part('key') as HTMLTextAreaElement;
const fileField = part('file') as HTMLInputElement;
const say = (word: PageWord): string => pageWords[language][word];

function line(tag: string, text: string, className = ''): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className !== '') element.className = className;
  return element;
}

function translate(): void {
  document.documentElement.lang = language;
  document.title = `${say('title')} · Medallion`;
  for (const element of document.querySelectorAll<HTMLElement>('[data-word]'))
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the attributes are written beside the words
    element.textContent = say(element.dataset['word'] as PageWord);
  part('language').textContent = language === 'en' ? 'हिन्दी' : 'English';
  show();
}

function show(): void {
  const result = part('result');
  result.replaceChildren();
  if (!held) return;
  const typed = keyField.value.trim();
  const own = held.kind === 'unreadable' ? '' : (held.file.log.keys[0] ?? '');
  // The file brings the changes of keys; each is signed by the key before, so an older key that one trusts is enough.
  const changes = held.kind === 'unreadable' ? [] : held.file.log.changes;
  const chain = followKeyChain(typed === '' ? own : typed, changes);
  const tenures = chain.ok ? chain.tenures : [];
  const check = checkHeldFile(held, tenures, undefined);
  const problems = [...(check.problems ?? [])];
  if (note !== undefined && !sameTree(rootOf(held, tenures), note))
    problems.push({ code: 'history-differs' });
  const failed = problems.length > 0;
  const verdict = failed ? 'failed' : typed === '' ? 'keyUnknown' : 'holds';
  result.append(line('h2', say(verdict), verdict));
  result.append(line('p', `${held.name}: ${check.detail}`));
  if (!failed && typed === '') result.append(line('p', `${say('compareKey')} ${own}`, 'mono'));
  if (failed) {
    const list = document.createElement('ul');
    for (const { code, where } of problems.slice(0, mostShown))
      list.append(line('li', `${where === undefined ? '' : `${where}: `}${problemWords(code)}`));
    if (problems.length > mostShown) list.append(line('li', `+ ${problems.length - mostShown}`));
    result.append(list, line('p', say('whatNow')));
  }
  result.append(line('p', say('notProven'), 'quiet'));

  /** A checkpoint that the reader kept: of the same size it must be of the same root. */
  function sameTree(roots: readonly KnownRoot[], kept: string): boolean {
    const opened = openCheckpointOfChain(kept, tenures);
    if (!opened.ok) return false;
    const { size, root } = opened.checkpoint;
    return roots.every((one) => one.size !== size || equalBytes(one.root, root));
  }
}

async function take(files: readonly File[]): Promise<void> {
  for (const file of files) {
    const text = await file.text();
    // A checkpoint is a note, and ends with the lines of its signatures; everything else is a record or a receipt.
    if (text.length < 100_000 && text.includes('\n\n\u2014 ')) note = text;
    else held = readHeldFile(file.name, text);
  }
  show();
  part('result').focus();
}

const drop = part('drop');
for (const event of ['dragenter', 'dragover'])
  document.addEventListener(event, (raised) => {
    raised.preventDefault();
    drop.classList.add('over');
  });
document.addEventListener('dragleave', () => drop.classList.remove('over'));
document.addEventListener('drop', (raised) => {
  raised.preventDefault();
  drop.classList.remove('over');
  void take([...(raised.dataTransfer?.files ?? [])]);
});
fileField.addEventListener('change', () => void take([...(fileField.files ?? [])]));
keyField.addEventListener('input', show);
part('language').addEventListener('click', () => {
  language = language === 'en' ? 'hi' : 'en';
  translate();
});
translate();
