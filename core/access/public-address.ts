// Whether an IP address is one of the open internet: what a stranger's URL may never lead this server to is named here.
// Knows no names and asks no resolver: whoever connects checks the address it really connects to.

/** Ranges of IPv4 that are somebody's own: this host, private, carrier, link-local (cloud metadata), documentation, multicast, reserved. */
const closed4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** True only for a well-formed unicast address that anybody may be reached under. */
export function isPublicAddress(address: string): boolean {
  const four = readIpv4(address);
  if (four !== undefined) return !closed4.some(([start, bits]) => within(four, readIpv4(start) ?? 0, bits));
  const six = readIpv6(address);
  return six !== undefined && isPublicIpv6(six);
}

function within(address: number, start: number, bits: number): boolean {
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) === Math.floor(start / size);
}

function readIpv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** The eight groups; undefined for anything else, a zone included. */
function readIpv6(text: string): number[] | undefined {
  const last = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const four = last?.[2] === undefined ? undefined : readIpv4(last[2]);
  if (last !== null && four === undefined) return undefined;
  const written =
    four === undefined
      ? text
      : `${last?.[1] ?? ''}${Math.floor(four / 65536).toString(16)}:${(four % 65536).toString(16)}`;
  const halves = written.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (groups.flat().some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const [head = [], tail] = groups;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array<string>(missing).fill('0'), ...(tail ?? [])].map((group) =>
    Number.parseInt(group, 16),
  );
}

function isPublicIpv6(groups: readonly number[]): boolean {
  const [first = 0, second = 0] = groups;
  const embedded = (at: number): boolean =>
    isPublicAddress(
      [groups[at] ?? 0, groups[at + 1] ?? 0].flatMap((group) => [group >> 8, group & 255]).join('.'),
    );
  // Addresses that carry an IPv4 address lead to that one: mapped, translated (NAT64) and 6to4.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return embedded(6);
  if (first === 0x64 && second === 0xff9b)
    return groups.slice(2, 6).every((group) => group === 0) && embedded(6);
  if (first === 0x2002) return embedded(1);
  // Global unicast is 2000::/3; within it Teredo, benchmarking, ORCHID and documentation are nobody's address.
  if (first < 0x2000 || first > 0x3fff) return false;
  if (first === 0x2001 && second < 0x200) return false;
  return !(first === 0x2001 && second === 0xdb8) && !(first === 0x3fff && second < 0x1000);
}
