// The verifier as one HTML file: an exported record or a receipt is dropped on it and checked here, by the same core code as everywhere.
// No server, no storage: it works from a memory stick. Nothing is asked of anybody, but a node that the reader names, when they say so;
// it is told the log's name and nothing of the file.
import type { KeyTenure } from '../../core/ledger/key-chain.ts';
import { followKeyChain, openCheckpointOfChain } from '../../core/ledger/key-chain.ts';
import { LedgerError } from '../../core/ledger/errors.ts';
import { noQuorum, parsePolicy } from '../../core/ledger/policy.ts';
import { readChainAnchors } from '../chain-anchors.ts';
import type { AskedChain } from '../check-file-anchors.ts';
import { checkFileAnchors } from '../check-file-anchors.ts';
import type { KnownRoot } from '../check-log.ts';
import { judgeWitnesses } from '../judge-witnesses.ts';
import type { Check } from '../report.ts';
import { SourceError } from '../source-error.ts';
import { checkHeldFile, readHeldFile, rootOf } from '../check-record.ts';
import type { HeldFile } from '../check-record.ts';
import { equalBytes } from '../../core/ledger/tree.ts';
import type { DetailWords } from '../detail-words.ts';
import { englishDetails, hindiDetails } from '../detail-words.ts';
import type { Language, ProblemCode } from '../problem-words.ts';
import { problemWords } from '../problem-words.ts';
import { pageWords } from './page-words.ts';
import type { PageWord } from './page-words.ts';

const mostShown = 50;
let language: Language = navigator.language.startsWith('hi') ? 'hi' : 'en';
let held: HeldFile | undefined;
let note: string | undefined;
let asked: AskedChain | undefined;
let askProblem: ProblemCode | undefined;

const part = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(id);
  return found;
};
const keyField = part('key') as HTMLTextAreaElement;
const fileField = part('file') as HTMLInputElement;
const policyField = part('policy') as HTMLTextAreaElement;
const nodeField = part('node') as HTMLInputElement;
const contractField = part('contract') as HTMLInputElement;
const say = (word: PageWord): string => pageWords[language][word];
const details = (): DetailWords => (language === 'hi' ? hindiDetails : englishDetails);

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
  const check = checkHeldFile(held, tenures, undefined, details());
  const problems = [...(check.problems ?? [])];
  if (note !== undefined && !sameTree(rootOf(held, tenures), note))
    problems.push({ code: 'history-differs' });
  const more = held.kind === 'unreadable' ? [] : moreChecks(held, tenures);
  const failed = problems.length > 0 || more.some(({ outcome }) => outcome === 'failed');
  const verdict = failed ? 'failed' : typed === '' ? 'keyUnknown' : 'holds';
  result.append(line('h2', say(verdict), verdict));
  result.append(line('p', `${held.name}: ${check.detail}`));
  if (!failed && typed === '') result.append(line('p', `${say('compareKey')} ${own}`, 'mono'));
  if (problems.length > 0) result.append(listOf(problems));
  for (const { outcome, detail, problems: found = [], heading } of more) {
    result.append(line('h3', `${heading}: ${say(outcome)}`, outcome));
    result.append(outcome === 'failed' ? listOf(found) : line('p', detail, 'mono'));
  }
  if (failed) result.append(line('p', say('whatNow')));
  result.append(line('p', say('notProven'), 'quiet'));

  /** A checkpoint that the reader kept: of the same size it must be of the same root. */
  function sameTree(roots: readonly KnownRoot[], kept: string): boolean {
    const opened = openCheckpointOfChain(kept, tenures);
    if (!opened.ok) return false;
    const { size, root } = opened.checkpoint;
    return roots.every((one) => one.size !== size || equalBytes(one.root, root));
  }
}

function listOf(problems: readonly { code: string; where?: string }[]): HTMLElement {
  const list = document.createElement('ul');
  for (const { code, where } of problems.slice(0, mostShown))
    list.append(line('li', `${where === undefined ? '' : `${where}: `}${problemWords(code, language)}`));
  if (problems.length > mostShown) list.append(line('li', `+ ${problems.length - mostShown}`));
  return list;
}

type Shown = Check & { readonly heading: string };

/** Witnesses and anchors: what was asked for is checked, and what was not is said. */
function moreChecks(held: Exclude<HeldFile, { kind: 'unreadable' }>, tenures: readonly KeyTenure[]): Shown[] {
  const shown: Shown[] = [{ ...witnessCheck(held.file.checkpoint, tenures), heading: say('witnesses') }];
  if (held.kind === 'record') {
    const anchors =
      askProblem === undefined
        ? checkFileAnchors(held.name, held.file, asked, '', details())
        : failure('Anchors', askProblem);
    shown.push({ ...anchors, heading: say('anchors') });
  }
  return shown;
}

function witnessCheck(checkpoint: string, tenures: readonly KeyTenure[]): Check {
  const text = policyField.value.trim();
  const notChecked = (detail: string): Check => ({ name: '', outcome: 'not-checked', detail });
  if (text === '') return notChecked(say('noPolicy'));
  try {
    const policy = parsePolicy(`${text}\n`);
    return policy.quorum === noQuorum
      ? notChecked(say('noPolicy'))
      : judgeWitnesses(policy, checkpoint, tenures, details());
  } catch (error) {
    if (error instanceof LedgerError) return failure('Witnesses', 'policy-unreadable');
    throw error;
  }
}

function failure(name: string, code: ProblemCode): Check {
  return { name, outcome: 'failed', detail: code, problems: [{ code }] };
}

/** Asks the node that the reader named for the log's anchors. */
async function ask(): Promise<void> {
  const rpcUrl = nodeField.value.trim();
  const contract = contractField.value.trim();
  asked = undefined;
  askProblem = undefined;
  if (held?.kind === 'record') {
    const typed = keyField.value.trim();
    const origin = (typed === '' ? (held.file.log.keys[0] ?? '') : typed).split('+', 1)[0] ?? '';
    if (!/^https?:\/\//.test(rpcUrl) || !/^0x[0-9a-fA-F]{40}$/.test(contract)) askProblem = 'node-incomplete';
    else
      try {
        asked = { contract, anchors: await readChainAnchors({ rpcUrl, contract, fromBlock: 0 }, origin) };
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        askProblem = 'node-silent';
      }
  }
  show();
  part('result').focus();
}

async function take(files: readonly File[]): Promise<void> {
  for (const file of files) {
    const text = await file.text();
    // A checkpoint is a note, and ends with the lines of its signatures; a policy says its quorum; all else is a record or a receipt.
    if (text.length < 100_000 && text.includes('\n\n\u2014 ')) note = text;
    else if (text.length < 100_000 && /^quorum[ \t]/m.test(text)) policyField.value = text;
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
policyField.addEventListener('input', show);
for (const field of [nodeField, contractField])
  field.addEventListener('input', () => {
    asked = undefined;
    askProblem = undefined;
    show();
  });
part('ask').addEventListener('click', () => void ask());
part('language').addEventListener('click', () => {
  language = language === 'en' ? 'hi' : 'en';
  translate();
});
translate();
