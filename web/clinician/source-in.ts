// Who says an entry of an opened record, with the day that it speaks of.
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import { readSource } from '../../core/record/read-source.ts';
import type { RecordIndex } from '../../core/record/record-index.ts';
import { timelineEntry } from '../../core/timeline/timeline-entry.ts';
import type { FactSource } from '../ui/source.ts';

/** @param on YYYY-MM-DD or less, or nothing */
export function sourceIn(index: RecordIndex, resource: JsonObject | undefined, on: string): FactSource {
  if (resource === undefined) return { author: 'import', ...(on === '' ? {} : { on }) };
  const { kind, who = timelineEntry(resource as Resource)?.who, date } = readSource(index, resource);
  const day = on === '' ? date : on;
  return {
    author: kind,
    ...(who === undefined ? {} : { who }),
    ...(day === undefined ? {} : { on: day }),
  };
}
