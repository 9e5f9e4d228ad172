// Twin worlds for what clinicians were given: what is hidden from them shows in no answer (test/access/twin-worlds.ts).
import { describe } from 'node:test';
import { compareWorlds } from '../access/twin-worlds.ts';

describe('FHIR-01 to FHIR-14, FHIR-18: twin worlds, what clinicians were given', () => {
  compareWorlds(
    [
      'grant of the whole',
      'grant of results and medicines',
      'grant of conditions and an entry, sealed too',
      'pen for the whole',
    ],
    10_000,
  );
});
