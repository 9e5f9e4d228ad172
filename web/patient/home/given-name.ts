// How somebody is addressed: by the first word of the name, unless that is a title or a single letter.

const TITLE = /^(dr|mr|mrs|ms|shri|smt|kumari|prof|sri|डॉ|श्री|श्रीमती)\.?$/iu;

/** "Asha" of "Asha Rao"; the whole name of "Dr Meera Iyer" and of "M Iyer". */
export function givenName(name: string): string {
  const [first = '', second] = name.trim().split(/\s+/u);
  const isInitial = Array.from(first.replace('.', '')).length < 2;
  return second === undefined || isInitial || TITLE.test(first) ? name.trim() : first;
}
