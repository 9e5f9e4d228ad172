// Finds the Chromium that browser journeys use. Must not start it.
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const fixedPlaces = [
  '/usr/bin/chromium',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** CHROMIUM_PATH, else the usual places. A CHROMIUM_PATH that leads nowhere is not replaced by a guess. */
export function findChromium(): string | undefined {
  const stated = process.env['CHROMIUM_PATH'];
  if (stated) return isProgram(stated) ? stated : undefined;
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const places = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...fixedPlaces];
  return places.find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
