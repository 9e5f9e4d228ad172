// The environment, read in one place: defaults, refusals, and no secret in any message.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { ConfigError, readConfig } from '../../server/config.ts';
import { testKey } from '../core/ledger/signing-keys.ts';

describe('the environment', () => {
  it('needs no variable at all', () => {
    const config = readConfig({});
    assert.equal(config.port, 8080);
    assert.equal(config.host, '127.0.0.1');
    assert.equal(config.publicUrl, 'http://localhost:8080');
    assert.equal(config.dataDir, resolve('data'));
    assert.equal(config.databaseUrl, undefined);
    assert.equal(config.demo, false);
    assert.equal(config.production, false);
    assert.equal(config.secureCookies, true);
    assert.deepEqual(config.trustProxy, []);
    assert.match(config.storageUrl, /^file:\/\/\/.*\/data\/files$/);
  });

  it('counts an empty variable as unset', () => {
    assert.deepEqual(
      readConfig({ PORT: '', PUBLIC_URL: ' ', DATABASE_URL: '', NODE_ENV: '' }),
      readConfig({}),
    );
  });

  it('cannot be changed once read', () => {
    const config = readConfig({ TRUST_PROXY: 'loopback' });
    assert.throws(() => Object.assign(config, { demo: true }), TypeError);
    assert.throws(() => Object.assign(config.chain, { contract: 'x' }), TypeError);
    assert.throws(() => Object.assign(config.trustProxy, { 0: '0.0.0.0' }), TypeError);
  });

  it('AUTH-12: cannot turn the demo on', () => {
    assert.equal(readConfig({ DEMO: '1', demo: 'true', MEDALLION_DEMO: 'true' }).demo, false);
  });

  const accepted: readonly (readonly [Record<string, string>, string])[] = [
    [{ PUBLIC_URL: 'https://health.example.org' }, 'https://health.example.org'],
    [{ PUBLIC_URL: 'https://health.example.org/' }, 'https://health.example.org'],
    [{ PUBLIC_URL: 'HTTPS://Health.Example.org:443' }, 'https://health.example.org'],
    [{ PUBLIC_URL: 'http://127.0.0.1:9000' }, 'http://127.0.0.1:9000'],
    [{ PUBLIC_URL: 'http://[::1]:9000' }, 'http://[::1]:9000'],
    [{ PUBLIC_URL: 'http://asha.localhost:9000' }, 'http://asha.localhost:9000'],
    [{ PORT: '9000' }, 'http://localhost:9000'],
  ];
  for (const [environment, publicUrl] of accepted) {
    it(`reads ${JSON.stringify(environment)} as the origin ${publicUrl}`, () => {
      assert.equal(readConfig(environment).publicUrl, publicUrl);
    });
  }

  const [w1, w2] = [3, 4].map((seed) => testKey(`w${seed}.example`, seed, 'witness').verifierKeyText);

  it('reads witnesses with their keys, and takes the majority unless told', () => {
    assert.deepEqual(readConfig({}).witnesses, { threshold: 0, witnesses: [] });
    const two = readConfig({
      WITNESSES: `${w1} https://w3.example/,${w2}  http://127.0.0.1:8090/w`,
    }).witnesses;
    assert.equal(two.threshold, 2);
    assert.deepEqual(
      two.witnesses.map(({ key, url }) => [key.name, url]),
      [
        ['w3.example', 'https://w3.example'],
        ['w4.example', 'http://127.0.0.1:8090/w'],
      ],
    );
    assert.equal(
      readConfig({ WITNESSES: `1 of ${w1} https://a.example, ${w2} https://b.example` }).witnesses.threshold,
      1,
    );
  });

  const secret = 'hunter2secret';
  const refused: readonly (readonly [string, Record<string, string>])[] = [
    ['WITNESSES', { WITNESSES: 'hunter2secret' }],
    ['WITNESSES', { WITNESSES: `${w1}` }],
    ['WITNESSES', { WITNESSES: `${w1} w3.example` }],
    ['WITNESSES', { WITNESSES: `${w1} ftp://hunter2secret` }],
    ['WITNESSES', { WITNESSES: `${w1} https://u:hunter2secret@w3.example` }],
    ['WITNESSES', { WITNESSES: `${w1} https://w3.example?hunter2secret` }],
    ['WITNESSES', { WITNESSES: `${w1} https://a.example, ${w1} https://b.example` }],
    ['WITNESSES', { WITNESSES: `2 of ${w1} https://w3.example` }],
    ['WITNESSES', { WITNESSES: `0 of ${w1} https://w3.example` }],
    ['WITNESSES', { WITNESSES: `${testKey('log.example', 3).verifierKeyText} https://w3.example` }],
    ['PORT', { PORT: '-1' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '8080.5' }],
    ['PORT', { PORT: '0x50' }],
    ['PORT', { PORT: '8e3' }],
    ['PORT', { PORT: `80 ${secret}` }],
    ['PUBLIC_URL', { PORT: '0' }],
    ['HOST', { HOST: 'http://localhost' }],
    ['HOST', { HOST: 'localhost:8080' }],
    ['HOST', { HOST: 'a b' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'health.example.org' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://health.example.org' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://127.0.0.1.example.org' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://localhost.example.org' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://0.0.0.0:8080' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'ftp://localhost' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'javascript:alert(1)' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://health.example.org/path' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://health.example.org/?' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://health.example.org/#a' }],
    ['PUBLIC_URL', { PUBLIC_URL: `https://admin:${secret}@health.example.org` }],
    ['PUBLIC_URL', { NODE_ENV: 'production', HOST: '0.0.0.0' }],
    ['NODE_ENV', { NODE_ENV: 'prod' }],
    ['NODE_ENV', { NODE_ENV: 'Production' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'verbose' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'constructor' }],
    ['DATABASE_URL', { DATABASE_URL: `mysql://root:${secret}@localhost/x` }],
    ['DATABASE_URL', { DATABASE_URL: secret }],
    ['DATABASE_URL', { DATABASE_URL: `postgres://a:${secret}@localhost:port/x` }],
    ['DATABASE_URL', { DATABASE_URL: `postgres://a:${secret}@localhost/x\nsslmode=off` }],
    ['STORAGE_URL', { STORAGE_URL: '/var/files' }],
    ['SMTP_URL', { SMTP_URL: `http://a:${secret}@mail` }],
    ['CHAIN_RPC_URL', { CHAIN_RPC_URL: `file:///${secret}` }],
    ['CHAIN_RPC_URL', { CHAIN_RPC_URL: `wss://${secret}` }],
    ['CHAIN_PRIVATE_KEY_FILE', { CHAIN_RPC_URL: `https://node.example/${secret}` }],
    ['CHAIN_PRIVATE_KEY_FILE', { CHAIN_PRIVATE_KEY_FILE: secret }],
    ['CHAIN_CONTRACT', { CHAIN_CONTRACT: secret }],
    ['CHAIN_CONTRACT', { CHAIN_CONTRACT: `0x${'1'.repeat(40)}` }],
    ['CHAIN_CONFIRMATIONS', { CHAIN_CONFIRMATIONS: '0' }],
    ['CHAIN_EVERY_MINUTES', { CHAIN_EVERY_MINUTES: secret }],
    ['CHAIN_MOST_FEE_GWEI', { CHAIN_MOST_FEE_GWEI: '1e9' }],
    ['TWILIO_AUTH_TOKEN', { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_FROM: '+491' }],
    ['TWILIO_ACCOUNT_SID', { TWILIO_AUTH_TOKEN: secret }],
    ['TRUST_PROXY', { TRUST_PROXY: 'true' }],
    ['TRUST_PROXY', { TRUST_PROXY: '1' }],
    ['TRUST_PROXY', { TRUST_PROXY: '0.0.0.0/0' }],
    ['TRUST_PROXY', { TRUST_PROXY: '::/0' }],
    ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/33' }],
    ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/8/8' }],
    ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.1,' }],
    ['DATA_DIR', { DATA_DIR: 'data\u0000dir' }],
  ];
  for (const [variable, environment] of refused) {
    it(`refuses ${JSON.stringify(environment)}, naming ${variable}, without repeating the value`, () => {
      assert.throws(
        () => readConfig(environment),
        (error) => {
          assert.ok(error instanceof ConfigError);
          assert.equal(error.code, 'config');
          assert.equal(error.variable, variable);
          assert.ok(error.message.startsWith(`${variable} must `));
          assert.ok(!error.message.includes(secret));
          return true;
        },
      );
    });
  }

  it('believes only the proxies it is told of', () => {
    const { trustProxy } = readConfig({ TRUST_PROXY: 'loopback, 10.0.0.0/8, fd00::/8, 192.0.2.1' });
    assert.deepEqual(trustProxy, ['loopback', '10.0.0.0/8', 'fd00::/8', '192.0.2.1']);
    assert.deepEqual(readConfig({ TRUST_PROXY: 'off' }).trustProxy, []);
  });
});

describe('the demo, whose passwords are public,', () => {
  it('starts on loopback, in a folder of its own', () => {
    const config = readConfig({}, { demo: true });
    assert.equal(config.demo, true);
    assert.equal(config.dataDir, resolve('data-demo'));
  });

  const unsafe: readonly (readonly [string, Record<string, string>])[] = [
    ['NODE_ENV', { NODE_ENV: 'production' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://health.example.org' }],
    ['HOST', { HOST: '0.0.0.0' }],
    ['HOST', { HOST: '::' }],
  ];
  for (const [variable, environment] of unsafe) {
    it(`does not start with ${JSON.stringify(environment)}`, () => {
      assert.throws(() => readConfig(environment, { demo: true }), { name: 'ConfigError', variable });
    });
  }
});
