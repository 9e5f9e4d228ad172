// What is compared: each operation as one request to Medallion and one to the floor, with the same bytes.
import { randomInt } from 'node:crypto';
import { hashToken } from '../server/card/token.ts';
import { request } from './connection.ts';
import type { BenchPerson } from './people.ts';
import { searchedCode } from './people.ts';
import { asProgram } from './program-client.ts';

export interface Operation {
  name: string;
  expect: readonly number[];
  /** The next request of a connection. */
  ours: (connection: number) => Buffer;
  floor: (connection: number) => Buffer;
}

/** What a program asks for, as it asks: with its token, naming whom it means. The floor answers the same requests as for a person. */
export function programOperations(
  people: readonly BenchPerson[],
  connections: number,
  token: string,
): Operation[] {
  const own = (connection: number) => people[connection % people.length] as BenchPerson;
  const send = asProgram(token);
  const ways: Record<string, Operation['ours']> = {
    read: (connection) => send('GET', `/fhir/R4/Observation/${any(own(connection).observationIds)}`),
    'search 20': (connection) =>
      send(
        'GET',
        `/fhir/R4/Observation?subject=Patient/${own(connection).patientId}&code=${searchedCode}&_count=20`,
      ),
    '$everything of 100': (connection) =>
      send('GET', `/fhir/R4/Patient/${own(connection).patientId}/$everything?_count=1000`),
    create: (connection) => send('POST', '/fhir/R4/Observation', own(connection).observation),
    'transaction of 20': (connection) => send('POST', '/fhir/R4', own(connection).twenty),
  };
  return operations(people, connections).flatMap((operation) => {
    const ours = ways[operation.name];
    return ours === undefined ? [] : [{ ...operation, name: `${operation.name}, program`, ours }];
  });
}

const any = <T>(list: readonly T[]): T => list[randomInt(list.length)] as T;

export function operations(people: readonly BenchPerson[], connections: number): Operation[] {
  const own = (connection: number) => people[connection % people.length] as BenchPerson;
  // No two connections change the same resource.
  const changed = (connection: number) =>
    own(connection).observationIds[Math.floor(connection / people.length) % connections] as string;
  const withId = (person: BenchPerson, id: string) =>
    JSON.stringify({ ...(JSON.parse(person.observation) as object), id });
  return [
    {
      name: 'read',
      expect: [200],
      ours(connection) {
        const { cookie, observationIds } = own(connection);
        return request('GET', `/fhir/R4/Observation/${any(observationIds)}`, { cookie });
      },
      floor(connection) {
        const { patientId, observationIds } = own(connection);
        return request('GET', `/read/${patientId}/${any(observationIds)}`);
      },
    },
    {
      name: 'search 20',
      expect: [200],
      ours(connection) {
        const { cookie } = own(connection);
        return request('GET', `/fhir/R4/Observation?code=${searchedCode}&_count=20`, { cookie });
      },
      floor: (connection) => request('GET', `/search/${own(connection).patientId}/${searchedCode}`),
    },
    {
      name: '$everything of 100',
      expect: [200],
      ours(connection) {
        const { cookie, patientId } = own(connection);
        return request('GET', `/fhir/R4/Patient/${patientId}/$everything?_count=100`, { cookie });
      },
      floor: (connection) => request('GET', `/everything/${own(connection).patientId}`),
    },
    {
      name: '$summary of 100',
      expect: [200],
      ours(connection) {
        const { cookie, patientId } = own(connection);
        return request('GET', `/fhir/R4/Patient/${patientId}/$summary`, { cookie });
      },
      floor: (connection) => request('GET', `/everything/${own(connection).patientId}`),
    },
    {
      name: 'emergency page',
      expect: [200],
      ours: (connection) => request('GET', own(connection).cardPath),
      floor: (connection) => request('GET', `/page/${hashToken(own(connection).token).toString('hex')}`),
    },
    {
      name: 'proof of inclusion',
      expect: [200],
      ours: (connection) => request('GET', `/log/proof/inclusion?entry=${any(own(connection).entryIds)}`),
      floor: (connection) => request('GET', `/proof/${any(own(connection).entryIds)}`),
    },
    {
      name: 'update',
      expect: [200],
      ours(connection) {
        const person = own(connection);
        const id = changed(connection);
        return request('PUT', `/fhir/R4/Observation/${id}`, {
          cookie: person.cookie,
          body: withId(person, id),
        });
      },
      floor(connection) {
        const person = own(connection);
        const id = changed(connection);
        return request('PUT', `/update/${person.patientId}/${id}`, { body: withId(person, id) });
      },
    },
    {
      name: 'create',
      expect: [201],
      ours(connection) {
        const { cookie, observation } = own(connection);
        return request('POST', '/fhir/R4/Observation', { cookie, body: observation });
      },
      floor(connection) {
        const { patientId, observation } = own(connection);
        return request('POST', `/create/${patientId}`, { body: observation });
      },
    },
    {
      name: 'transaction of 20',
      expect: [200],
      ours(connection) {
        const person = own(connection);
        return request('POST', '/fhir/R4', { cookie: person.cookie, body: person.twenty });
      },
      floor(connection) {
        const person = own(connection);
        return request('POST', `/transaction/${person.patientId}`, { body: person.twenty });
      },
    },
  ];
}
