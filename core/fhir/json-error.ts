// Why a JSON text was refused and where, without repeating anything the text says.

export type JsonErrorCode =
  | 'json-syntax'
  | 'json-empty'
  | 'json-byte-order-mark'
  | 'json-duplicate-key'
  | 'json-unsafe-key'
  | 'json-too-deep'
  | 'json-control-character'
  | 'json-lone-surrogate'
  | 'json-number-too-long'
  | 'json-number-out-of-range'
  | 'json-not-a-value';

const problemText: Record<JsonErrorCode, string> = {
  'json-syntax': 'The text is not valid JSON',
  'json-empty': 'The text is empty',
  'json-byte-order-mark': 'The text begins with a byte order mark',
  'json-duplicate-key': 'An object has the same key twice',
  'json-unsafe-key': 'An object has a key that is never allowed',
  'json-too-deep': 'Arrays and objects are nested too deeply',
  'json-control-character': 'A string holds a control character other than tab and line ends',
  'json-lone-surrogate': 'A string holds half of a surrogate pair',
  'json-number-too-long': 'A number has too many digits',
  'json-number-out-of-range': 'A number is too large or too small to be calculated with',
  'json-not-a-value': 'A value cannot be written as JSON',
};

/**
 * Why a text was refused. `position` counts UTF-16 code units from 0; `path` reads like `$.name[0].given`
 * (keys that do not look like element names are shown as `?`). Neither repeats what the text says.
 */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly code: JsonErrorCode;
  readonly position: number;
  readonly path: string;

  constructor(code: JsonErrorCode, position: number, path: string) {
    super(`${problemText[code]} (position ${position}, ${path})`);
    this.code = code;
    this.position = position;
    this.path = path;
  }
}

/** Walks the text up to a refused position once more to say where in the structure it lies. */
export function pathAt(text: string, at: number): string {
  const steps: (string | number)[] = [];
  let lastString = '';
  let afterColon = false;
  for (let i = 0; i < at; i += 1) {
    const c = text[i];
    if (c === '"') {
      const from = i + 1;
      i += 1;
      while (i < at && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
      if (!afterColon) lastString = text.slice(from, Math.min(i, from + 65));
    } else if (c === '{') {
      steps.push('');
      afterColon = false;
    } else if (c === '[') {
      steps.push(0);
      afterColon = false;
    } else if (c === '}' || c === ']') steps.pop();
    else if (c === ':') {
      steps[steps.length - 1] = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(lastString) ? lastString : '?';
      afterColon = true;
    } else if (c === ',') {
      const last = steps.at(-1);
      if (typeof last === 'number') steps[steps.length - 1] = last + 1;
      else if (last !== undefined) steps[steps.length - 1] = '';
      afterColon = false;
    }
  }
  return steps.reduce<string>(
    (path, step) => (typeof step === 'number' ? `${path}[${step}]` : step === '' ? path : `${path}.${step}`),
    '$',
  );
}
