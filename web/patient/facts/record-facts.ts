// The record as facts, for every page of the person: read once for each state of the record.
import { useMemo } from 'react';
import type { Resource } from '../../../core/fhir/types.ts';
import type { FactResource, FactSource, RecordFacts } from '../../../core/record/facts.ts';
import { readFacts } from '../../../core/record/read-facts.ts';
import type { WriteContext } from '../../../core/record/write-elements.ts';
import { keyOf, useRecord } from '../../api/record.ts';
import { useSignedIn } from '../../api/session.ts';
import type { FactSource as ShownSource } from '../../ui/source.ts';
import { todayHere } from './today.ts';

export interface RecordInHand {
  readonly facts: RecordFacts;
  readonly context: WriteContext;
}

export function useRecordFacts(): RecordInHand {
  const current = useRecord();
  const patientId = useSignedIn().patient.id;
  const today = todayHere();
  return useMemo(
    () => ({ facts: readFacts(current, today), context: { patientId, today, current } }),
    [current, patientId, today],
  );
}

/** The stored resource that a fact was read from. */
export function storedOf(context: WriteContext, of: FactResource): Resource | undefined {
  return context.current.find((one) => keyOf(one) === `${of.type}/${of.id}`);
}

/** A source as the owner of the record reads it: what they wrote themself is "You said". */
export function shownSource(source: FactSource): ShownSource {
  return { author: source.kind, who: source.who, on: source.date, mine: source.kind === 'patient' };
}
