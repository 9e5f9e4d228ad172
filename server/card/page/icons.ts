// The marks of the emergency page: drawn once at its top, used by name. Every mark stands beside a word that says the same.
import type { Html } from '../../http/html.ts';
import { rawHtml } from '../../http/html.ts';

export type IconName =
  'danger' | 'phone' | 'verified' | 'lab' | 'self-reported' | 'imported' | 'lock' | 'pending' | 'logged';

const drawings: Record<IconName, string> = {
  danger: '<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z"/><path d="M12 7v6M12 16.6v.4"/>',
  phone:
    '<path d="M5 3h4l2 5-2.5 2a11 11 0 0 0 5.5 5.5l2-2.5 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2z"/>',
  verified: '<path d="M3 3h18v18H3z" fill="currentColor"/><path d="m7.5 12.5 3 3 6-7" class="cut"/>',
  lab: '<path d="M9 3h6M10 3v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3M8 15h8"/>',
  'self-reported': '<path d="M4 4h16v12h-9l-5 4v-4H4z"/>',
  imported: '<path d="M12 3v12m-5-5 5 5 5-5M4 20h16"/>',
  lock: '<path d="M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4"/>',
  pending: '<circle cx="12" cy="12" r="9" stroke-dasharray="3.5 3.5"/>',
  logged: '<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="3" fill="currentColor"/>',
};

export const allIcons = Object.keys(drawings) as IconName[];

/** The drawings of these names. Inline `style` is refused by the page's policy, so cuts are coloured by class. */
export function iconSheet(names: readonly IconName[]): Html {
  const symbols = names
    .map((name) => `<symbol id="i-${name}" viewBox="0 0 24 24">${drawings[name]}</symbol>`)
    .join('');
  return rawHtml(`<svg width="0" height="0" hidden>${symbols}</svg>`);
}

/** `size` in CSS pixels at the default text size; decorative, the word beside it carries the meaning. */
export function icon(name: IconName, size: number): Html {
  return rawHtml(`<svg width="${size}" height="${size}" aria-hidden="true"><use href="#i-${name}"/></svg>`);
}
