// Every word of the web app exists in both languages, is used somewhere, and takes the same parameters.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';

const web = join(import.meta.dirname, '../../../web');
const i18n = join(web, 'i18n');

async function catalogue(language: string, file: string): Promise<Record<string, string>> {
  const loaded = (await import(join(i18n, language, file))) as Record<string, Record<string, string>>;
  const found = Object.values(loaded);
  assert.equal(found.length, 1, `${language}/${file} exports exactly its catalogue`);
  return found[0] ?? {};
}

const areas = readdirSync(join(i18n, 'en')).sort();
const sources = readdirSync(web, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/^(dist|i18n[\\/](en|hi))[\\/]/.test(file))
  .map((file) => ({ file: relative(web, join(web, file)), text: readFileSync(join(web, file), 'utf8') }));
const allSource = sources.map((source) => source.text).join('\n');

/** Plural forms are asked for by their stem: `entries_one` and `entries_other` as `entries`. */
const stemOf = (key: string): string => key.replace(/_(one|other)$/, '');

function isUsed(area: string, key: string): boolean {
  const stem = stemOf(key);
  return ["'", '"', '`'].some(
    (quote) =>
      allSource.includes(`${quote}${stem}${quote}`) || allSource.includes(`${quote}${area}:${stem}${quote}`),
  );
}

/** A key may also be put together from a literal beginning: `section.${id}`. The beginning must stand in the source. */
function isBuilt(area: string, key: string): boolean {
  const parts = stemOf(key).split('.');
  return parts.slice(0, -1).some((_part, index) => {
    const beginning = parts.slice(0, index + 1).join('.');
    return allSource.includes(`\`${beginning}.\${`) || allSource.includes(`\`${area}:${beginning}.\${`);
  });
}

const parameters = (words: string): string[] =>
  [...new Set([...words.matchAll(/\{\{\s*(\w+)[^}]*\}\}/g)].map((match) => match[1] ?? ''))].sort();
const tags = (words: string): string[] => [...words.matchAll(/<\/?(\w+)>/g)].map((match) => match[0]).sort();

describe('catalogues', () => {
  it('both languages have the same areas', () => {
    assert.deepEqual(readdirSync(join(i18n, 'hi')).sort(), areas);
  });
  for (const file of areas) {
    const area = file.replace(/\.ts$/, '');
    it(`${area}: Hindi has exactly the keys of English`, async () => {
      const [english, hindi] = [await catalogue('en', file), await catalogue('hi', file)];
      assert.deepEqual(Object.keys(hindi).sort(), Object.keys(english).sort());
    });
    it(`${area}: no words are empty, and parameters and links are the same in both languages`, async () => {
      const [english, hindi] = [await catalogue('en', file), await catalogue('hi', file)];
      for (const [key, words] of Object.entries(english)) {
        const other = hindi[key] ?? '';
        assert.notEqual(words.trim(), '', key);
        assert.notEqual(other.trim(), '', `Hindi ${key}`);
        assert.deepEqual(parameters(other), parameters(words), key);
        assert.deepEqual(tags(other), tags(words), key);
      }
    });
    it(`${area}: every key is used`, async () => {
      const unused = Object.keys(await catalogue('en', file)).filter(
        (key) => !isUsed(area, key) && !isBuilt(area, key),
      );
      assert.deepEqual(unused, []);
    });
    it(`${area}: a number with its plural has both forms`, async () => {
      const keys = Object.keys(await catalogue('en', file));
      for (const key of keys.filter((each) => /_(one|other)$/.test(each))) {
        assert.ok(keys.includes(`${stemOf(key)}_one`) && keys.includes(`${stemOf(key)}_other`), key);
      }
    });
    it(`${area}: the voice keeps to itself: no exclamation mark, no "please", no "successfully"`, async () => {
      for (const [key, words] of Object.entries(await catalogue('en', file))) {
        assert.doesNotMatch(words, /!|\bplease\b|successfully|\boops\b/i, key);
      }
    });
    it(`${area}: Hindi uses western digits`, async () => {
      for (const [key, words] of Object.entries(await catalogue('hi', file))) {
        assert.doesNotMatch(words, /[०-९]/, key);
      }
    });
  }
});
