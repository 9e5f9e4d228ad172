// FHIRPath as far as invariants use it, turned once into functions: paths, choices, operators and functions.
// What it does not know it says when the expression is read, never when a resource is judged.

import type { JsonValue } from '../types.ts';
import { functions } from './path-functions.ts';
import { binary, typeTest } from './path-operators.ts';
import {
  child,
  PathNotSupportedError,
  type CompiledPath,
  type PathContext,
  type PathItem,
} from './path-values.ts';

const compiledPaths = new Map<string, CompiledPath>();

/** @throws PathNotSupportedError */
export function compilePath(expression: string): CompiledPath {
  const known = compiledPaths.get(expression);
  if (known !== undefined) return known;
  if (expression.length > 5000) throw new PathNotSupportedError('too long');
  const compiled = new Parser(tokensOf(expression)).whole();
  if (compiledPaths.size > 2000) compiledPaths.clear();
  compiledPaths.set(expression, compiled);
  return compiled;
}

/** Whether an invariant holds: an empty result counts as holding, as nothing speaks against it. */
export function holdsTrue(compiled: CompiledPath, element: PathItem, context: PathContext): boolean {
  const result = compiled([element], context);
  return result.length === 0 || (result.length === 1 && result[0]?.value !== false) || result.length > 1;
}

const tokenPattern =
  /\s*(?:('(?:[^'\\]|\\.)*')|(`[^`]*`)|(\d+(?:\.\d+)?)|(\$this|\$index|%[A-Za-z`][\w-]*`?)|([A-Za-z_]\w*)|(<=|>=|!=|!~|[=~<>|+\-*/&.,()[\]{}]))/y;

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  let position = 0;
  const end = expression.trimEnd().length;
  while (position < end) {
    tokenPattern.lastIndex = position;
    const [whole] = tokenPattern.exec(expression) ?? [];
    if (whole === undefined) throw new PathNotSupportedError(`at ${position}`);
    tokens.push(whole.trim());
    position += whole.length;
  }
  return tokens;
}

const levels: readonly (readonly string[])[] = [
  ['implies'],
  ['or', 'xor'],
  ['and'],
  ['in', 'contains'],
  ['=', '!=', '~', '!~'],
  ['<', '>', '<=', '>='],
  ['|'],
  ['is', 'as'],
  ['+', '-', '&'],
];

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  whole(): CompiledPath {
    const path = this.#binary(0);
    if (this.#at !== this.#tokens.length) throw new PathNotSupportedError(this.#tokens[this.#at] ?? '');
    return path;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(wanted?: string): string {
    const token = this.#tokens[this.#at];
    if (token === undefined || (wanted !== undefined && token !== wanted))
      throw new PathNotSupportedError(`${wanted ?? 'more'} expected`);
    this.#at += 1;
    return token;
  }

  #binary(level: number): CompiledPath {
    const operators = levels[level];
    if (operators === undefined) return this.#postfix();
    let left = this.#binary(level + 1);
    for (let token = this.#peek(); token !== undefined && operators.includes(token); token = this.#peek()) {
      this.#take();
      if (token === 'is' || token === 'as') left = typeTest(left, this.#typeName(), token);
      else left = binary(token, left, this.#binary(level + 1));
    }
    return left;
  }

  #typeName(): string {
    let name = this.#take().replaceAll('`', '');
    while (this.#peek() === '.') {
      this.#take();
      name = this.#take();
    }
    return name;
  }

  #postfix(): CompiledPath {
    this.#depth += 1;
    if (this.#depth > 50) throw new PathNotSupportedError('nested too deeply');
    let path = this.#term();
    for (;;) {
      const token = this.#peek();
      if (token === '.') {
        this.#take();
        path = chain(path, this.#member());
      } else if (token === '[') {
        this.#take();
        const index = Number(this.#take());
        this.#take(']');
        path = chain(path, (focus) => focus.slice(index, index + 1));
      } else break;
    }
    this.#depth -= 1;
    return path;
  }

  #term(): CompiledPath {
    const token = this.#peek() ?? '';
    if (token === '(') {
      this.#take();
      const inner = this.#binary(0);
      this.#take(')');
      return inner;
    }
    if (token === '{') {
      this.#take();
      this.#take('}');
      return () => [];
    }
    if (token.startsWith("'")) return constant(unescape(this.#take()));
    if (/^\d/.test(token)) return constant(Number(this.#take()));
    if (token === 'true' || token === 'false') return constant(this.#take() === 'true');
    if (token === '$this') {
      this.#take();
      return (focus) => focus;
    }
    if (token.startsWith('%')) return external(this.#take());
    return this.#member();
  }

  #member(): CompiledPath {
    const name = this.#take();
    if (!/^[A-Za-z_`]/.test(name)) throw new PathNotSupportedError(name);
    if (this.#peek() !== '(') return child(name.replaceAll('`', ''));
    this.#take();
    const takesType = name === 'ofType' || name === 'is' || name === 'as';
    const given: CompiledPath[] = [];
    let type = '';
    if (takesType) type = this.#typeName();
    else
      while (this.#peek() !== ')') {
        given.push(this.#binary(0));
        if (this.#peek() === ',') this.#take();
      }
    this.#take(')');
    if (takesType) return typeTest((focus) => focus, type, name);
    const make = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (make === undefined) throw new PathNotSupportedError(`${name}()`);
    return make(given);
  }
}

function unescape(token: string): string {
  return token
    .slice(1, -1)
    .replace(/\\(.)/g, (_, letter: string) =>
      letter === 'n' ? '\n' : letter === 't' ? '\t' : letter === 'r' ? '\r' : letter,
    );
}

const constant = (value: JsonValue): CompiledPath => {
  const items = [{ value }];
  return () => items;
};

const chain =
  (first: CompiledPath, second: CompiledPath): CompiledPath =>
  (focus, context) =>
    second(first(focus, context), context);

function external(token: string): CompiledPath {
  switch (token.replaceAll('`', '')) {
    case '%resource':
    case '%rootResource':
      return (_, { root }) => [{ value: root }];
    case '%context':
      return (focus) => focus;
    case '%ucum':
      return constant('http://unitsofmeasure.org');
    case '%sct':
      return constant('http://snomed.info/sct');
    case '%loinc':
      return constant('http://loinc.org');
  }
  throw new PathNotSupportedError(token);
}
