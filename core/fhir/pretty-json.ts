// JSON text laid out for people (`_pretty=true`). Works on the text alone, so that numbers and order stay as they are.

/** @param text valid JSON */
export function prettyJson(text: string): string {
  const parts: string[] = [];
  let depth = 0;
  let position = 0;
  const newline = (): string => `\n${'  '.repeat(depth)}`;
  while (position < text.length) {
    const c = text[position]!;
    if (c === '"') {
      let after = position + 1;
      while (text[after] !== '"') after += text[after] === '\\' ? 2 : 1;
      parts.push(text.slice(position, after + 1));
      position = after + 1;
      continue;
    }
    position += 1;
    if (c === '{' || c === '[') {
      const next = /\S/.exec(text.slice(position, position + 64))?.[0];
      if (next === '}' || next === ']') {
        parts.push(c + next);
        position = text.indexOf(next, position) + 1;
        continue;
      }
      depth += 1;
      parts.push(c, newline());
    } else if (c === '}' || c === ']') {
      depth -= 1;
      parts.push(newline(), c);
    } else if (c === ',') parts.push(c, newline());
    else if (c === ':') parts.push(': ');
    else if (c > ' ') parts.push(c);
  }
  return parts.join('');
}
