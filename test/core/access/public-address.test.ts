// Addresses that a stranger's URL may lead to, and those that it may not.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isPublicAddress } from '../../../core/access/public-address.ts';

const open = [
  '8.8.8.8',
  '1.1.1.1',
  '93.184.216.34',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '2a00:1450:4001:81b::200e',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '2002:0808:0808::1',
];

const closed = [
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '2001:db8::1',
  '2001::1',
  '3fff::1',
  '5f00::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:169.254.169.254',
  '::127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b:1::8.8.8.8',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
];

const malformed = [
  '',
  'localhost',
  '127.1',
  '0x7f000001',
  '2130706433',
  '256.1.1.1',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.4 ',
  ':::',
  '1::2::3',
  '12345::',
  'g::1',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '::ffff:1.2.3',
  '::1.2.3.999',
];

describe('an address', () => {
  for (const address of open)
    test(`${address} is of the open internet`, () => assert.equal(isPublicAddress(address), true));
  for (const address of closed)
    test(`${address} is not`, () => assert.equal(isPublicAddress(address), false));
  for (const address of malformed)
    test(`"${address}" is none`, () => assert.equal(isPublicAddress(address), false));
});
