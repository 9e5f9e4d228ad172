// The emergency page as sent: its weight, its headers, its order, its escaping, its silences, its Hindi.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { JsonObject } from '../../core/fhir/types.ts';
import { escapeText } from '../../server/http/html.ts';
import type { CardApp } from './card-app.ts';
import { fillAsha, startCardApp } from './card-app.ts';

let app: CardApp;
before(async () => {
  app = await startCardApp({ PUBLIC_URL: 'https://cards.example' });
});
after(() => app.stop());

async function asha() {
  const person = await app.person();
  await fillAsha(app, person.patientId);
  return { ...person, path: await app.cardPath(person) };
}

const text = (body: string) => body.replace(/<style>.*?<\/style>/s, '').replace(/<[^>]+>/g, '');

test('QR-04: headers keep the page out of caches, indexes, frames and referrers; style is allowed by its hash alone', async () => {
  const { path } = await asha();
  for (const url of [path, `${path}?l=hi`, `/e/${'0'.repeat(32)}`]) {
    const { headers, body } = await app.scan(url);
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['x-robots-tag'], 'noindex, nofollow, noarchive');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    const style = /<style>(.*?)<\/style>/s.exec(body)?.[1] ?? '';
    const hash = createHash('sha256').update(style, 'utf8').digest('base64');
    assert.equal(
      headers['content-security-policy'],
      `default-src 'none'; img-src 'self'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    assert.equal(headers['set-cookie'], undefined);
    assert.equal(headers.etag, undefined);
  }
});

test('QR-04, QR-10: no script, no font, no style attribute, no other host, nothing of the person in the head, no token but in the photo', async () => {
  const { path } = await asha();
  const { body } = await app.scan(path);
  assert.doesNotMatch(body, /<script|javascript:|\son\w+=|@font-face|@import|url\(|\sstyle=/i);
  assert.doesNotMatch(body, /(?:src|href|action)="(?:https?:)?\/\//i);
  const head = /<head>.*<\/head>/s.exec(body)?.[0] ?? '';
  assert.doesNotMatch(head, /Asha|og:|twitter:/);
  assert.ok(!body.includes(path.split('/').at(-1) ?? '-'));
});

test('reading order: who, danger, whom to call, medicines, conditions, allergies, implants, blood, useful, more, proof', async () => {
  const { path, token } = await asha();
  await app.call('PUT', '/api/emergency-card/code', { token, body: { code: '482913' } });
  const { body } = await app.scan(path);
  const marks = [
    '<h1',
    'id="danger"',
    'href="tel:',
    'id="medicines"',
    'id="conditions"',
    'id="allergies"',
    'id="implants"',
    'id="blood-group"',
    'id="also"',
    'id="more"',
    'id="genuine"',
  ];
  const places = marks.map((mark) => body.indexOf(mark));
  assert.ok(
    places.every((place) => place > 0),
    String(places),
  );
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  assert.equal(body.split('<h1').length, 2);
});

test('each person to call is one tap, dialled without spaces', async () => {
  const { path } = await asha();
  const { body } = await app.scan(path);
  assert.deepEqual(
    [...body.matchAll(/href="(tel:[^"]+)"/g)].map((match) => match[1]),
    ['tel:+919000041122', 'tel:+919000041123'],
  );
  assert.match(body, /aria-label="Call Ravi Rao"/);
});

test('who says so is under every fact: verified, laboratory and self-reported are told apart by words and by the margin', async () => {
  const { path } = await asha();
  const { body } = await app.scan(path);
  assert.match(text(body), /Dr Meera Iyer, verified 18\u00a0Nov\u00a02026/);
  assert.match(text(body), /Kaveri Diagnostics, 2\u00a0May\u00a02024/);
  assert.match(text(body), /said, 9\u00a0Aug\u00a02026\. Not checked by a doctor\./);
  assert.equal(body.split('class="fact').length, body.split('class="src').length);
  const iron = /<div class="fact self">\s*<b>\s*<bdi>Iron tablets/.exec(body);
  assert.ok(iron);
});

test('WEB-03: hostile names and facts are text: no markup, no attribute, no turned direction', async () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    `' onclick='x`,
    '`${1}`',
    '</style><b>',
    '<!--',
    'a\u202Eb\u2066c',
    '&lt;b&gt;',
    'javascript:alert(1)',
  ];
  for (const bad of hostile) {
    const person = await app.person();
    await app.changePatient(person.patientId, {
      name: [{ text: `Asha ${bad}` }],
      communication: [{ language: { text: bad } }],
      contact: [
        {
          relationship: [
            { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0131', code: 'C' }], text: bad },
          ],
          name: { text: bad },
          telecom: [{ system: 'phone', value: `+91 98765 43210"><b>${bad}` }],
        },
      ],
    });
    await app.write(
      person.patientId,
      'patient',
      allergy(person.patientId, bad),
      medicine(person.patientId, bad),
      condition(person.patientId, bad),
    );
    const { body, statusCode } = await app.scan(await app.cardPath(person));
    assert.equal(statusCode, 200);
    assert.doesNotMatch(
      body,
      /<script|<img|<b>\s*$|onerror=(?!alert\(1\)&gt;)|href="javascript|[\u202e\u2066]/,
      bad,
    );
    assert.doesNotMatch(body, /\sonclick='/, bad);
    assert.deepEqual(
      body.match(/<link[^>]*>/g),
      ['<link rel="icon" href="/icon.svg" type="image/svg+xml" />'],
      bad,
    );
    // Nothing that was written opens or closes an element of its own.
    const tags = new Set([...body.matchAll(/<\/?([a-z0-9]+)/gi)].map((match) => match[1]));
    for (const tag of tags)
      assert.match(
        tag ?? '',
        /^(html|head|meta|title|link|style|body|svg|symbol|path|circle|use|header|div|p|a|main|span|h1|h2|h3|bdi|section|ul|li|b|dl|dt|dd)$/,
        bad,
      );
  }
});

test('text is escaped for element content and quoted attributes; characters that no reader sees are dropped', () => {
  assert.equal(
    escapeText(`<a href="x" title='y'>&\``),
    '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&#96;',
  );
  assert.equal(escapeText('a\u0000b\u001b[1m\u007f\u0085\u2028\u202ec\u2069\ufeffd\ud800'), 'ab[1mcd\ufffd');
  assert.equal(escapeText('a\tb\nc\r'), 'a b c ');
  assert.equal(escapeText('क़ \u200dé 👩‍⚕️'), 'क़ \u200dé 👩‍⚕️');
});

test('none known, not recorded and withheld are three different things', async () => {
  const person = await app.person();
  const path = await app.cardPath(person);
  const section = async (id: string) =>
    text(new RegExp(`<h2 id="${id}">.*?</section>`, 's').exec((await app.scan(path)).body)?.[0] ?? '');
  assert.match(await section('allergies'), /Not recorded\. Nobody has asked\./);
  await app.write(person.patientId, 'professional', {
    resourceType: 'AllergyIntolerance',
    patient: { reference: `Patient/${person.patientId}` },
    code: {
      coding: [
        { system: 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips', code: 'no-known-allergies' },
      ],
    },
    clinicalStatus: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
      ],
    },
    recordedDate: '2026-11-18',
    asserter: { display: 'Dr Meera Iyer' },
  });
  assert.match(await section('allergies'), /None known\s*Asked by Dr Meera Iyer, 18\u00a0Nov\u00a02026\./);
  assert.match(text((await app.scan(path)).body), /No known allergies\./);
  await app.call('PUT', '/api/emergency-card', {
    token: person.token,
    body: { settings: { tiers: { allergies: 'none' } } },
  });
  const withheld = await section('allergies');
  assert.match(withheld, /Kept private by Asha/);
  assert.doesNotMatch(withheld, /None known|Not recorded/);
  const page = text((await app.scan(path)).body);
  assert.doesNotMatch(page, /No known allergies|No dangers recorded/);
  assert.match(page, /Dangers are not shown here\. There may be some\./);
});

test('a person with nothing recorded is shown as not recorded everywhere, never as having nothing', async () => {
  const person = await app.person();
  const body = text((await app.scan(await app.cardPath(person))).body);
  assert.doesNotMatch(body, /None known|No known/);
  assert.equal(body.match(/Not recorded/g)?.length, 8);
});

test('QR-05: what is withheld is in no part of the page, whether or not there is anything', async () => {
  const { path, token } = await asha();
  const hide = {
    medicines: 'none',
    conditions: 'none',
    'blood-group': 'none',
    contacts: 'none',
    implants: 'none',
  };
  await app.call('PUT', '/api/emergency-card', {
    token,
    body: { settings: { tiers: hide, showBirthDate: false } },
  });
  const { body } = await app.scan(path);
  for (const secret of [
    'Warfarin',
    'warfarin',
    'Insulin',
    'insulin',
    'diabetes',
    'acemaker',
    'A positive',
    'Ravi',
    '90000',
    '1980',
    'Leela',
  ]) {
    assert.ok(!body.includes(secret), secret);
  }
  assert.match(text(body), /Penicillin allergy/);
  assert.match(text(body), /Some sections are not shown here\. There may be more\./);
});

test('the page in Hindi: same facts, Hindi words, medicine names also as on the box; by link or by the browser’s language', async () => {
  const { path } = await asha();
  const hindi = await app.scan(`${path}?l=hi`);
  assert.match(hindi.body, /<html lang="hi">/);
  for (const word of ['आपातकालीन कार्ड', 'ख़तरा', 'पेनिसिलिन', 'फ़ोन करें', 'View in English', 'आशा राव'])
    assert.ok(hindi.body.includes(word), word);
  assert.match(text(hindi.body), /\(Warfarin\)/);
  assert.doesNotMatch(text(hindi.body), /Not recorded|Kept private|verified|People to call/);
  assert.match(
    (await app.scan(path, { 'accept-language': 'hi-IN,hi;q=0.9,en;q=0.8' })).body,
    /<html lang="hi">/,
  );
  assert.match(
    (await app.scan(path, { 'accept-language': 'kn-IN,en;q=0.9,hi;q=0.8' })).body,
    /<html lang="en">/,
  );
  assert.match((await app.scan(`${path}?l=en`, { 'accept-language': 'hi' })).body, /<html lang="en">/);
  assert.match((await app.scan(`/e/${'0'.repeat(32)}?l=hi`)).body, /यह कार्ड बदल दिया गया है या मौजूद नहीं है।/);
});

test('a heavy person’s page stays within 14 kB compressed, in both languages', async () => {
  const person = await app.person();
  await fillAsha(app, person.patientId);
  const many = (count: number, make: (id: string, name: string) => JsonObject, word: string) =>
    Array.from({ length: count }, (_, i) =>
      make(person.patientId, `${word} ${(i * 7919).toString(36)} ${(i * 104729).toString(36)}`),
    );
  await app.write(
    person.patientId,
    'professional',
    ...many(25, condition, 'Disorder'),
    ...many(20, medicine, 'Medicine'),
    ...many(12, allergy, 'Substance'),
  );
  const path = await app.cardPath(person);
  for (const url of [path, `${path}?l=hi`]) {
    const answer = await app.scan(url, { 'accept-encoding': 'gzip' });
    assert.equal(answer.statusCode, 200);
    assert.ok(answer.rawPayload.length <= 14_000, `${answer.rawPayload.length} bytes`);
  }
});

test('the page says which address to trust, until when its facts are from, and that the look was recorded', async () => {
  const { path, patientId } = await asha();
  const body = text((await app.scan(path)).body).replace(/\s+/g, ' ');
  assert.match(body, /it must be cards\.example\./);
  assert.match(body, /Saved, not yet in the log/);
  assert.match(
    body,
    /ID ends in \d{4}\. Your look was recorded today at \d\d:\d\d \S+, and Asha will see it\. Your location was not sent to anyone\./,
  );
  const { rows } = await app.pool.query<{ uhid: string }>('select uhid from person where patient_id = $1', [
    patientId,
  ]);
  assert.ok(!body.replace(/\s/g, '').includes(rows[0]?.uhid ?? '-'));
  assert.ok(!body.includes(patientId));
});

const of = (patientId: string) => ({ reference: `Patient/${patientId}` });

function allergy(patientId: string, name: string): JsonObject {
  return {
    resourceType: 'AllergyIntolerance',
    patient: of(patientId),
    code: { text: name },
    criticality: 'high',
    recordedDate: '2026-01-02',
    asserter: { display: `Dr ${name}` },
  };
}

function medicine(patientId: string, name: string): JsonObject {
  return {
    resourceType: 'MedicationStatement',
    status: 'active',
    subject: of(patientId),
    medicationCodeableConcept: { text: name },
    dosage: [{ text: `1 tablet of ${name}` }],
    dateAsserted: '2026-01-02',
    informationSource: { display: `Dr ${name}` },
  };
}

function condition(patientId: string, name: string): JsonObject {
  return {
    resourceType: 'Condition',
    subject: of(patientId),
    code: { text: name },
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
    onsetDateTime: '2011-05-04',
    recordedDate: '2026-01-02',
    asserter: { display: `Dr ${name}` },
  };
}
