// The word of a log's old key for its new one: a note that both have signed. Cannot be mistaken for a checkpoint, whose second
// line is a number.
import { LedgerError } from './errors.ts';
import { openNote, parseNote, signNote } from './note.ts';
import type { NoteSigner } from './note.ts';
import { parseDecimal } from './text.ts';
import { isTreeSize } from './tree.ts';
import { formatVerifierKey, parseVerifierKey, SIGNATURE_TYPES, verifierKeyOf } from './verifier-key.ts';
import type { VerifierKey } from './verifier-key.ts';

export type KeyChange = {
  readonly origin: string;
  readonly oldKey: VerifierKey;
  readonly newKey: VerifierKey;
  /** The last tree size that the old key alone could sign; every larger one needs the new key. */
  readonly size: number;
  readonly timeSeconds: number;
};

const firstLine = 'medallion key change v1';

/** Writes and signs the change; both keys are named like the log. Throws `key-change-malformed`. */
export function signKeyChange(
  change: { readonly size: number; readonly timeSeconds: number },
  oldSigner: NoteSigner,
  newSigner: NoteSigner,
): string {
  const vkeyOf = ({ name, publicKey }: NoteSigner) =>
    formatVerifierKey(verifierKeyOf(name, SIGNATURE_TYPES.ed25519, publicKey));
  const text = [
    firstLine,
    `log ${oldSigner.name}`,
    `old ${vkeyOf(oldSigner)}`,
    `new ${vkeyOf(newSigner)}`,
    `size ${change.size}`,
    `time ${change.timeSeconds}`,
    '',
  ].join('\n');
  const noteText = signNote(text, [oldSigner, newSigner]);
  if (openKeyChange(noteText) === undefined) throw malformed();
  return noteText;
}

/** The change, when the note is whole and both keys that it names have signed it; otherwise undefined. Never throws. */
export function openKeyChange(noteText: string): KeyChange | undefined {
  try {
    const change = parseKeyChange(parseNote(noteText).text);
    const signed = [change.oldKey, change.newKey].every((key) => openNote(noteText, [key]).ok);
    return signed ? change : undefined;
  } catch {
    return undefined;
  }
}

function parseKeyChange(text: string): KeyChange {
  const [first, ...lines] = text.split('\n');
  const wanted = ['log', 'old', 'new', 'size', 'time'];
  if (first !== firstLine || lines.length !== wanted.length + 1 || lines.at(-1) !== '') throw malformed();
  const [origin = '', oldKeyText = '', newKeyText = '', sizeText = '', timeText = ''] = wanted.map(
    (word, at) => {
      const line = lines[at] ?? '';
      if (!line.startsWith(`${word} `)) throw malformed();
      return line.slice(word.length + 1);
    },
  );
  const [oldKey, newKey] = [parseVerifierKey(oldKeyText), parseVerifierKey(newKeyText)];
  const [size, timeSeconds] = [parseDecimal(sizeText), parseDecimal(timeText)];
  const ofLog = [oldKey, newKey].every(
    ({ name, type }) => name === origin && type === SIGNATURE_TYPES.ed25519,
  );
  if (!ofLog || oldKeyText === newKeyText || !isTreeSize(size) || timeSeconds === undefined)
    throw malformed();
  return { origin, oldKey, newKey, size, timeSeconds };
}

function malformed(): LedgerError {
  return new LedgerError('key-change-malformed', 'not a change of a log’s key');
}
