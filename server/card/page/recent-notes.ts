// Handover notes of the last day as the emergency page says them: that one was left, by whom, how long ago; its words only behind the code.
import { isSealed } from '../../../core/access/categories.ts';
import type { CardSettings } from '../../../core/card/card-settings.ts';
import { isJsonObject, parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { objectsAt, textAt } from '../../../core/record/elements.ts';
import type { Queryable } from '../../storage/queryable.ts';
import { listRecentHandovers } from '../../storage/handovers.ts';
import type { NoteWords, PageLanguage } from './emergency-view.ts';
import { pageWord } from './page-words.ts';

export interface RecentNote {
  leftAtMs: number;
  untilMs: number;
  verified: boolean;
  lines: readonly string[];
  resource: { type: string; id: string; version: string };
}

/** The newest first; none that is sealed or that the holder keeps off the card. */
export async function readRecentNotes(
  db: Queryable,
  patientId: string,
  settings: CardSettings,
  nowMs: number,
): Promise<RecentNote[]> {
  const found = await listRecentHandovers(db, patientId, nowMs);
  return found.flatMap(({ communicationId, version, content, leftAt, until, verified }) => {
    const resource = parseJson(content);
    if (!isJsonObject(resource) || isSealed(resource as Resource)) return [];
    if (settings.hidden.includes(communicationId)) return [];
    const lines = objectsAt(resource, 'payload').flatMap((one) => textAt(one, 'contentString') ?? []);
    return [
      {
        leftAtMs: leftAt.getTime(),
        untilMs: until.getTime(),
        verified,
        lines,
        resource: { type: 'Communication', id: communicationId, version: String(version) },
      },
    ];
  });
}

export function stillStanding(notes: readonly RecentNote[], nowMs: number): readonly RecentNote[] {
  return notes.filter(({ untilMs }) => untilMs > nowMs);
}

/** @param withContent whether this tier shows what was written */
export function noteWords(
  notes: readonly RecentNote[],
  language: PageLanguage,
  nowMs: number,
  withContent: boolean,
): NoteWords[] {
  return stillStanding(notes, nowMs).map(({ leftAtMs, verified, lines }) => {
    const minutes = Math.max(0, Math.floor((nowMs - leftAtMs) / 60_000));
    const left =
      minutes < 1
        ? pageWord(language, 'note.now')
        : minutes < 60
          ? pageWord(language, 'note.minutes', { n: minutes })
          : pageWord(language, minutes < 120 ? 'note.hour' : 'note.hours', { n: Math.floor(minutes / 60) });
    return {
      left,
      by: pageWord(language, verified ? 'note.verified' : 'note.unverified'),
      verified,
      lines: withContent ? lines : [],
    };
  });
}
