// How a name sounds, however it was spelt: what clerks write in Latin letters for one Indian, Arabic or European name differs in a few
// regular ways. Compares single words; knows no person.

/** From less to more alike. `initial`: one is the first letter of the other. */
export type Likeness = 'different' | 'initial' | 'near' | 'sound' | 'same';

const rank: Record<Likeness, number> = { different: 0, initial: 1, near: 2, sound: 3, same: 4 };

export const moreAlike = (a: Likeness, b: Likeness): boolean => rank[a] > rank[b];

const titles = new Set(
  'dr mr mrs ms miss master shri sri smt shrimati kum sau prof er adv late baby begum ji sir madam'.split(
    ' ',
  ),
);

/** Names whose spellings follow no rule. */
const whole: Readonly<Record<string, string>> = {
  md: 'mohamad',
  mohd: 'mohamad',
  mohamed: 'mohamad',
  mohammed: 'mohamad',
  mohammad: 'mohamad',
  muhammad: 'mohamad',
  muhammed: 'mohamad',
  aiyar: 'iyer',
  aiyer: 'iyer',
  ayyar: 'iyer',
};

// Devanagari in Latin letters, as names are usually written in passports: an inherent a is spoken after each consonant but the last.
const consonants: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'क=k ख=kh ग=g घ=gh ङ=n च=ch छ=chh ज=j झ=jh ञ=n ट=t ठ=th ड=d ढ=dh ण=n त=t थ=th द=d ध=dh न=n प=p फ=ph ब=b भ=bh म=m ' +
    'य=y र=r ल=l व=v श=sh ष=sh स=s ह=h ळ=l'
  )
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
);
const vowels: Readonly<Record<string, string>> = Object.fromEntries(
  'अ=a आ=a इ=i ई=i उ=u ऊ=u ऋ=ri ए=e ऐ=ai ओ=o औ=au ा=a ि=i ी=i ु=u ू=u ृ=ri े=e ै=ai ो=o ौ=au ं=n ँ=n ः=h ़= ऑ=o ॉ=o'
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
);
const virama = '्';

function fromDevanagari(word: string): string {
  const letters = Array.from(word);
  return letters
    .map((letter, i) => {
      const consonant = consonants[letter];
      if (consonant === undefined) return vowels[letter] ?? (letter === virama ? '' : letter);
      const next = letters[i + 1];
      const bare = next === undefined || next === virama || /[\u093e-\u094c\u0949]/.test(next);
      return bare ? consonant : `${consonant}a`;
    })
    .join('');
}

/** The words of a name in Latin letters where it can be so written; titles and punctuation are left out. At most eight. */
export function nameWords(text: string): string[] {
  return text
    .slice(0, 300)
    .normalize('NFC')
    .toLowerCase()
    .replace(/['’`]/g, '')
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => word !== '')
    .map((word) => (/[\u0900-\u097f]/.test(word) ? fromDevanagari(word) : withoutAccents(word)))
    .filter((word) => word !== '' && !titles.has(word))
    .slice(0, 8);
}

function withoutAccents(word: string): string {
  return word
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'e');
}

/** One spelling for all that are spoken alike: Laxmi and Lakshmi, Pooja and Puja, Jyothi and Jyoti, Choudhary and Chowdhary. */
export function spelling(word: string): string {
  const known = whole[word];
  if (known !== undefined) return known;
  return word
    .replace(/x/g, 'ks')
    .replace(/sch|sh/g, 's')
    .replace(/ph/g, 'f')
    .replace(/ck|q/g, 'k')
    .replace(/chh?/g, 'ç')
    .replace(/c/g, 'k')
    .replace(/([kgjtdbl])h/g, '$1')
    .replace(/z/g, 'j')
    .replace(/ee|ea|ie/g, 'i')
    .replace(/oo/g, 'u')
    .replace(/aa/g, 'a')
    .replace(/ow(?![aeiou])|ou|au|aw(?![aeiou])/g, 'o')
    .replace(/a[iy](?![aeiou])|e[iy](?![aeiou])/g, 'e')
    .replace(/w/g, 'v')
    .replace(/y(?![aeiou])/g, 'i')
    .replace(/([aeiou])h$/, '$1')
    .replace(/av$/, 'ao')
    .replace(/(.)\1+/g, '$1');
}

/** The consonants that remain when the vowels are taken out, with a mark for a vowel at the start. */
export function skeleton(word: string): string {
  const spelt = spelling(word);
  const start = /^[aeiou]/.test(spelt) ? 'a' : '';
  return (start + spelt.replace(/[aeiouy]/g, '').replace(/(?<=.)h/g, '')).replace(/(.)\1+/g, '$1');
}

export function compareWords(a: string, b: string): Likeness {
  if (a === b) return 'same';
  if (a.length === 1 || b.length === 1) return a[0] === b[0] ? 'initial' : 'different';
  const [left, right] = [spelling(a), spelling(b)];
  if (left === right) return 'sound';
  const alike = jaroWinkler(left, right);
  if (alike >= 0.93) return 'near';
  const [bones, others] = [skeleton(a), skeleton(b)];
  return bones === others && bones.length >= 3 && alike >= 0.8 ? 'near' : 'different';
}

/** Jaro-Winkler similarity, 0 to 1. */
export function jaroWinkler(a: string, b: string): number {
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = new Set<number>();
  const matchedA: string[] = [];
  for (let i = 0; i < a.length; i += 1) {
    for (let j = Math.max(0, i - reach); j <= Math.min(b.length - 1, i + reach); j += 1) {
      if (taken.has(j) || a[i] !== b[j]) continue;
      taken.add(j);
      matchedA.push(a[i] as string);
      break;
    }
  }
  const count = matchedA.length;
  if (count === 0) return 0;
  const matchedB = [...taken].toSorted((x, y) => x - y).map((j) => b[j]);
  const moved = matchedA.filter((letter, i) => letter !== matchedB[i]).length / 2;
  const jaro = (count / a.length + count / b.length + (count - moved) / count) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix += 1;
  return jaro + prefix * 0.1 * (1 - jaro);
}
