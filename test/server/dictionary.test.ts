// Somebody has everything that the log shows to the public, and a list of names, birth dates, numbers, ids and codes. Nothing in it may
// tell them apart: not the words, not their hashes, not their hashes under keys that can be guessed.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { changed, conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const names = ['Asha Rao', 'Vikram Rao', 'Meera Iyer', 'Ravi Kumar', 'Sunita Devi'];
const birthDates = ['1984-03-12', '1979-11-02', '1991-07-30', '1968-01-15', '2001-05-21'];
const codes = ['Asthma', 'HIV disease', 'Depression', 'B20', '195967001', 'F32.9', 'Pregnancy'];

describe('a dictionary attack on everything public', () => {
  let server: TestServer;
  const people: Person[] = [];
  let haystack: Buffer;
  before(async () => {
    server = await startServer();
    for (const [at, name] of names.entries()) {
      const person = await signUp(server.url, { name });
      people.push(person);
      const patient = (await person.get(`/fhir/R4/Patient/${person.patientId}`)).text;
      await person.call('PUT', `/fhir/R4/Patient/${person.patientId}`, {
        body: changed(patient, { birthDate: birthDates[at], name: [{ text: name }] }),
      });
      for (const code of codes) await person.create(conditionOf(person.patientId, code));
    }
    await server.sequencer.flush();
    haystack = await everythingPublic();
  });
  after(() => server.stop());

  async function everythingPublic(): Promise<Buffer> {
    const get = async (path: string) => {
      const answer = await fetch(server.url + path);
      return Buffer.from(await answer.arrayBuffer());
    };
    const size = Number((await get('/log/checkpoint')).toString('utf8').split('\n')[1]);
    assert.ok(size > 40 && size < 256, String(size));
    const parts = [
      'checkpoint',
      'vkey',
      'anchors',
      'keys',
      'witnesses',
      `tile/0/000.p/${size}`,
      `tile/entries/000.p/${size}`,
    ];
    const bytes = await Promise.all(parts.map((part) => get(`/log/${part}`)));
    const proofs = await Promise.all(
      Array.from({ length: size }, (_, index) => get(`/log/proof/inclusion?index=${index}`)),
    );
    // Base64 inside answers counts as the bytes it stands for.
    const text = Buffer.concat([...bytes, ...proofs]);
    const decoded = [...text.toString('latin1').matchAll(/[A-Za-z0-9+/]{22,}={0,2}/g)].map(([word]) =>
      Buffer.from(word, 'base64'),
    );
    return Buffer.concat([text, ...decoded]);
  }

  test('LOG-07 no word, no number, no hash of them and no hash under a guessable key is found', async () => {
    const { rows } = await server.pool.query(
      `select patient_id, uhid, encode(pseudonym, 'hex') as pseudonym from person order by created_at`,
    );
    const ids = (rows as { patient_id: string; uhid: string; pseudonym: string }[]).flatMap(
      ({ patient_id, uhid }) => [patient_id, uhid, patient_id.replaceAll('-', ''), `Patient/${patient_id}`],
    );
    const { rows: texts } = await server.pool.query(
      'select content as text from resource union all select statement from entry',
    );
    const words = [
      ...names,
      ...birthDates,
      ...codes,
      ...ids,
      ...people.map(({ login }) => login),
      ...names.flatMap((name) => birthDates.map((date) => `${name} ${date}`)),
      ...names.flatMap((name) =>
        birthDates.flatMap((date) => codes.map((code) => `${name}|${date}|${code}`)),
      ),
      ...(texts as { text: string }[]).map(({ text }) => text),
    ];
    const keys = ['', 'medallion', 'salt', 'secret', server.url, ...ids];
    const hits: string[] = [];
    let tried = 0;
    const look = (what: string, bytes: Buffer): void => {
      tried += 1;
      // Less than six characters stand in any base64 by chance: of short words only the hashes are looked for.
      if (bytes.length >= 6 && haystack.includes(bytes)) hits.push(what);
    };
    for (const word of words) {
      for (const form of new Set([word, word.toLowerCase(), word.toUpperCase()]))
        look(word, Buffer.from(form));
      for (const algorithm of ['sha256', 'sha1', 'md5', 'sha512'])
        look(`${algorithm} of ${word}`, createHash(algorithm).update(word).digest().subarray(0, 16));
      look(`leaf hash of ${word}`, createHash('sha256').update(Buffer.of(0)).update(word).digest());
      if (word.length > 200) continue;
      for (const key of keys)
        look(`hmac of ${word}`, createHmac('sha256', key).update(word).digest().subarray(0, 16));
      for (const key of [Buffer.alloc(32), Buffer.alloc(32, 1)])
        look(`hmac of ${word}`, createHmac('sha256', key).update(word).digest().subarray(0, 16));
    }
    assert.ok(tried > 5000, String(tried));
    assert.deepEqual(hits, []);
  });

  test('a pseudonym is no hash of anything one could know, and the same fact never makes the same leaf', async () => {
    const { rows } = await server.pool.query(`select p.patient_id as id, p.uhid, p.pseudonym from person p`);
    for (const { id, uhid, pseudonym } of rows as { id: string; uhid: string; pseudonym: Buffer }[])
      for (const known of [id, uhid, id.replaceAll('-', ''), Buffer.from(id.replaceAll('-', ''), 'hex')])
        for (const algorithm of ['sha256', 'sha1', 'md5'])
          assert.ok(!createHash(algorithm).update(known).digest().subarray(0, 16).equals(pseudonym));
    const { rows: twins } = await server.pool.query(
      `select substring(leaf from 67 for 32) as commitment, count(*)::int from log_leaf group by 1 having count(*) > 1`,
    );
    assert.deepEqual(twins, []);
  });
});
