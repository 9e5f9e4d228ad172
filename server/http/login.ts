// A login is an e-mail address or a phone number: read as people write it, compared in one form. Knows no accounts.
import { domainToASCII } from 'node:url';
import { ApiError } from '../errors.ts';

export interface Login {
  kind: 'email' | 'phone';
  /** As the person wrote it, without stray spaces; a phone number in E.164. */
  shown: string;
  /** Equal for logins that mean the same. */
  key: string;
}

export type LoginProblem = 'empty' | 'email' | 'phone' | 'phone-needs-country-code' | 'neither';

const titles: Record<LoginProblem, string> = {
  empty: 'Enter an e-mail address or a phone number.',
  email: 'This e-mail address is not complete. It should look like asha@example.org.',
  phone: 'This phone number is not complete. It should look like +91 98765 43210.',
  'phone-needs-country-code': 'Begin the phone number with its country code, for example +91 98765 43210.',
  neither: 'Enter an e-mail address like asha@example.org or a phone number like +91 98765 43210.',
};

/** Throws 400 `login-invalid`. `bareHosts` also takes `patient@demo`, a host without a dot. */
export function readLogin(text: string, options: { bareHosts: boolean }): Login {
  const found = parseLogin(text, options);
  if (typeof found !== 'string') return found;
  throw new ApiError(400, 'login-invalid', titles[found], { fields: [{ field: 'login', code: found }] });
}

export function parseLogin(text: string, options: { bareHosts: boolean }): Login | LoginProblem {
  if (!text.isWellFormed() || text.length > 320) return 'neither';
  const trimmed = text.normalize('NFC').trim();
  if (trimmed === '') return 'empty';
  if (trimmed.includes('@')) return readEmail(trimmed, options.bareHosts) ?? 'email';
  return readPhone(trimmed);
}

function readEmail(text: string, bareHosts: boolean): Login | undefined {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  // Quoted local parts exist in the standard and in no person's address; invisible characters would make look-alikes.
  if (!/^[^\s@"(),:;<>[\]\\\p{C}]{1,64}$/u.test(local) || /^\.|\.$|\.\./.test(local)) return undefined;
  if (!/^[\p{L}\p{M}\p{N}.-]{1,253}$/u.test(domain)) return undefined;
  const host = domainToASCII(domain);
  const labels = host.split('.');
  if (!labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) return undefined;
  if (labels.length < 2 && !bareHosts) return undefined;
  if (!/^[a-z]/.test(labels.at(-1) ?? '') || local.length + 1 + host.length > 254) return undefined;
  // The part before @ may by the standard differ in case only; no provider lets it, and phones write a capital first.
  const key = `${local.normalize('NFKC').toLowerCase().normalize('NFC')}@${host}`;
  return { kind: 'email', shown: `${local}@${domain.toLowerCase()}`, key };
}

function readPhone(text: string): Login | LoginProblem {
  const ascii = text
    .normalize('NFKC')
    .replace(/[\u0966-\u096f]/g, (digit) => String(digit.charCodeAt(0) - 0x0966))
    .replace(/\(0\)/g, '')
    .replace(/[\s().\u2010-\u2015/-]/g, '')
    .replace(/^00/, '+');
  if (!/^\+?\d+$/.test(ascii)) return 'neither';
  if (!ascii.startsWith('+')) return ascii.length < 6 ? 'phone' : 'phone-needs-country-code';
  if (!/^\+[1-9]\d{7,14}$/.test(ascii)) return 'phone';
  return { kind: 'phone', shown: ascii, key: ascii };
}
