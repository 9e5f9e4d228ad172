// `reindex`: computes anew what resources are found by, beside a server at work; a run that was stopped goes on where it was.
import { reindexPlace, reindexStep } from '../storage/reindex.ts';
import type { Stores } from '../stores.ts';

const limits = { rows: 200, stepBytes: 4 * 1024 * 1024 };
const tellEvery = 50;

export async function reindex({ deps }: Stores, tell: (line: string) => void): Promise<string> {
  const { pool } = deps.db;
  const ownBase = `${deps.config.publicUrl}/fhir/R4`;
  let place = await reindexPlace(pool);
  if (place.type !== '') tell(`Going on behind ${place.type}/${place.id}.`);
  let [seen, changed] = [0, 0];
  for (let steps = 1; ; steps += 1) {
    const step = await reindexStep(pool, place, ownBase, limits);
    if (step === undefined) break;
    place = step.last;
    seen += step.seen;
    changed += step.changed;
    if (steps % tellEvery === 0) tell(`${seen} resources, now at ${place.type}.`);
  }
  return `${seen} resources read, ${changed} are found by something else than before.`;
}
