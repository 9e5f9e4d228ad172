// Calls to addresses that somebody else named: none reaches this machine or its network unless the operator allowed it.
import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { OutboundError, callOutbound, publicLookup, readOutboundUrl } from '../../server/http/outbound.ts';

describe('a call to an address that somebody named', () => {
  let port: number;
  const seen: string[] = [];
  const listener = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (request.url === '/silent') return;
    const status = request.url === '/moved' ? 307 : request.url === '/broken' ? 500 : 204;
    response.writeHead(status, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
  });
  before(async () => {
    await new Promise<void>((resolve) => {
      listener.listen(0, '127.0.0.1', resolve);
    });
    port = (listener.address() as AddressInfo).port;
  });
  after(() => {
    listener.closeAllConnections();
    listener.close();
  });

  const reasonOf = async (act: () => unknown): Promise<string> => {
    try {
      await act();
    } catch (error) {
      assert.ok(error instanceof OutboundError, String(error));
      return error.reason;
    }
    return 'sent';
  };
  const post = (url: string, allowHosts: readonly string[] = [], timeoutMs = 10_000) =>
    callOutbound({ method: 'POST', url, headers: {} }, { allowHosts, timeoutMs });

  test('FHIR-17: refused addresses are never connected to', async () => {
    const addresses: [string, string][] = [
      ['http://127.0.0.1:PORT/', 'scheme-refused'],
      ['https://127.0.0.1:PORT/', 'address-refused'],
      ['https://127.1:PORT/', 'address-refused'],
      ['https://0x7f000001:PORT/', 'address-refused'],
      ['https://2130706433:PORT/', 'address-refused'],
      ['https://0177.0.0.1:PORT/', 'address-refused'],
      ['https://[::1]:PORT/', 'address-refused'],
      ['https://[::ffff:127.0.0.1]:PORT/', 'address-refused'],
      ['https://0.0.0.0:PORT/', 'address-refused'],
      ['https://localhost:PORT/', 'address-refused'],
      ['https://LOCALHOST.:PORT/', 'address-refused'],
      ['https://x.localhost:PORT/', 'address-refused'],
      ['https://intranet:PORT/', 'address-refused'],
      ['https://169.254.169.254/latest/meta-data', 'address-refused'],
      ['https://metadata.google.internal/', 'address-refused'],
      ['https://10.1.2.3/', 'address-refused'],
      ['https://user:secret@example.org/', 'address-malformed'],
      ['https://example.org/#fragment', 'address-malformed'],
      ['file:///etc/passwd', 'scheme-refused'],
      ['gopher://127.0.0.1:PORT/', 'scheme-refused'],
      ['ftp://example.org/', 'scheme-refused'],
      ['javascript:alert(1)', 'scheme-refused'],
      ['//example.org', 'address-malformed'],
      ['', 'address-malformed'],
      [`https://example.org/${'a'.repeat(3000)}`, 'address-malformed'],
    ];
    for (const [address, reason] of addresses)
      assert.equal(await reasonOf(() => post(address.replace('PORT', String(port)))), reason, address);
    assert.deepEqual(seen, []);
  });

  test('a name that leads to this machine is refused when it is connected to', async () => {
    // The system's own names for this host stand for any name whose owner points it here.
    const answer = await new Promise<Error | null>((resolve) => {
      publicLookup('localhost', { all: false }, (error) => resolve(error));
    });
    assert.ok(answer instanceof OutboundError);
    assert.equal(answer.reason, 'address-refused');
    const addresses = await new Promise<string | LookupAddress[]>((resolve) => {
      publicLookup('8.8.8.8', { all: true }, (_error, found) => resolve(found));
    });
    assert.deepEqual(addresses, [{ address: '8.8.8.8', family: 4 }]);
  });

  test('the operator may allow a host, with or without its port', async () => {
    assert.equal(await post(`http://127.0.0.1:${port}/a`, ['127.0.0.1']), 204);
    assert.equal(await post(`http://127.0.0.1:${port}/b`, [`127.0.0.1:${port}`]), 204);
    assert.equal(
      await reasonOf(() => post(`http://127.0.0.1:${port}/c`, [`127.0.0.1:${port + 1}`])),
      'scheme-refused',
    );
    assert.deepEqual(seen.splice(0), ['POST /a', 'POST /b']);
  });

  test('a redirect is an answer and is not followed', async () => {
    assert.equal(await post(`http://127.0.0.1:${port}/moved`, ['127.0.0.1']), 307);
    assert.equal(await post(`http://127.0.0.1:${port}/broken`, ['127.0.0.1']), 500);
    assert.deepEqual(seen.splice(0), ['POST /moved', 'POST /broken']);
  });

  test('an address that is silent or shut ends in its reason', async () => {
    assert.equal(
      await reasonOf(() => post(`http://127.0.0.1:${port}/silent`, ['127.0.0.1'], 200)),
      'timeout',
    );
    assert.equal(await reasonOf(() => post('http://127.0.0.1:9/', ['127.0.0.1'])), 'unreachable');
    assert.equal(readOutboundUrl('https://hooks.example.org/fhir', []).host, 'hooks.example.org');
  });
});
