// The floor: a bare Fastify server with one prepared statement for each operation, on the same database and the same bytes.
// No sign-in, no decision, no validation, no versions, no audit, no log. What Medallion costs above this is what it adds.
import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';
import { codeForm, keyOf, placeOf } from '../core/fhir/search-keys.ts';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
const pageBytes = Number(process.env['PAGE_BYTES']);
const proofText = JSON.stringify({ proof: 'x'.repeat(Number(process.env['PROOF_BYTES'])) });
const page = Buffer.alloc(pageBytes, 'x');
const fhirJson = 'application/fhir+json';

const codeOfObservation = placeOf('Observation', 'code:CodeableConcept', 'token');

const statements = {
  read: 'select content from resource where patient_id = $1 and resource_type = $2 and resource_id = $3',
  search: `select content from resource where patient_id = $1 and resource_type = 'Observation' and $2 = any(search_keys)
            order by resource_id limit 20`,
  everything: 'select content from resource where patient_id = $1',
  create: 'insert into floor_resource (patient_id, resource_id, content) values ($1, $2, $3)',
  update:
    'update floor_resource set content = $3, version = version + 1 where patient_id = $1 and resource_id = $2',
  transaction: `insert into floor_resource (patient_id, resource_id, content)
                select $1, * from unnest($2::text[], $3::text[])`,
  page: 'select patient_id, state from card where token_hash = $1',
  proof: 'select leaf from log_leaf where entry_id = $1',
};

async function ask(name: keyof typeof statements, values: unknown[]): Promise<{ content: string }[]> {
  const { rows } = await pool.query({ name, text: statements[name], values });
  return rows as { content: string }[];
}

await pool.query(`create table if not exists floor_resource (patient_id text not null, resource_id text not null,
  version int not null default 1, content text not null, primary key (patient_id, resource_id))`);

const app = fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
const bundle = (rows: { content: string }[]): string =>
  `{"resourceType":"Bundle","type":"searchset","entry":[${rows.map(({ content }) => `{"resource":${content}}`).join(',')}]}`;

interface Place {
  patient: string;
  id: string;
}

app.get('/', () => 'the floor');
app.get('/read/:patient/:id', async (request, reply) => {
  const { patient, id } = request.params as Place;
  const [row] = await ask('read', [patient, 'Observation', id]);
  return reply.type(fhirJson).send(row?.content);
});
app.get('/search/:patient/:id', async (request, reply) => {
  const { patient, id } = request.params as Place;
  return reply
    .type(fhirJson)
    .send(bundle(await ask('search', [patient, String(keyOf(codeForm(id), codeOfObservation))])));
});
app.get('/everything/:patient', async (request, reply) => {
  const { patient } = request.params as Place;
  return reply.type(fhirJson).send(bundle(await ask('everything', [patient])));
});
app.post('/create/:patient', async (request, reply) => {
  await ask('create', [(request.params as Place).patient, randomUUID(), request.body]);
  return reply.code(201).type(fhirJson).send(request.body);
});
app.put('/update/:patient/:id', async (request, reply) => {
  const { patient, id } = request.params as Place;
  await ask('update', [patient, id, request.body]);
  return reply.type(fhirJson).send(request.body);
});
// Not measured: the rows that updates change.
app.put('/seed/:patient/:id', async (request, reply) => {
  const { patient, id } = request.params as Place;
  await ask('create', [patient, id, request.body]);
  return reply.send('');
});
app.post('/transaction/:patient', async (request, reply) => {
  const { entry } = JSON.parse(request.body as string) as { entry: { resource: object }[] };
  const texts = entry.map(({ resource }) => JSON.stringify(resource));
  await ask('transaction', [(request.params as Place).patient, texts.map(() => randomUUID()), texts]);
  return reply.type(fhirJson).send(request.body);
});
app.get('/page/:id', async (request, reply) => {
  await ask('page', [Buffer.from((request.params as Place).id, 'hex')]);
  return reply.type('text/html; charset=utf-8').send(page);
});
app.get('/proof/:id', async (request, reply) => {
  await ask('proof', [(request.params as Place).id]);
  return reply.type('application/json').send(proofText);
});

await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.once('SIGTERM', () => {
  app.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
