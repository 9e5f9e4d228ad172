// Twin worlds for a broken glass, a program, another person, a guardian: what is hidden from them shows in no answer (test/access/twin-worlds.ts).
import { describe } from 'node:test';
import { compareWorlds } from '../access/twin-worlds.ts';

describe('FHIR-01 to FHIR-14, FHIR-18: twin worlds, a broken glass, a program, another person, a guardian', () => {
  compareWorlds(['broken glass', 'program', 'another person', 'guardian who acts'], 10_000);
});
