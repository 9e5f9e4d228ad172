// A browser or tool by family only: enough for a person to recognise their own phone, too little to follow anybody.

const families: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/Firefox\//, 'Firefox'],
  [/HeadlessChrome|Chrome\/|CriOS/, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/curl\/|Wget|node|undici|python|Java|Go-http/i, 'a program'],
];
const systems: [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** For example 'Chrome on Android'; 'an unknown browser' when nothing is recognised. */
export function agentFamily(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, 300);
  const family = families.find(([pattern]) => pattern.test(text))?.[1];
  if (!family) return 'an unknown browser';
  const system = systems.find(([pattern]) => pattern.test(text))?.[1];
  return system && family !== 'a program' ? `${family} on ${system}` : family;
}
