#!/usr/bin/env node
// Starts the stand-alone verifier, and says what to do when this Node.js is too old for it. Plain JavaScript: it must run on any.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `medallion-verify needs Node.js 24 or newer; this is ${process.versions.node}.\n` +
      'Inside a checkout of Medallion `npm ci` brings the right one: run `npx medallion-verify …` there.\n' +
      'Elsewhere install it from https://nodejs.org, or drop your file on the page /verify.html of the server or in verifier/dist.',
  );
  process.exit(2);
}
// Node runs no TypeScript from inside node_modules: installed as a package, the built program is started.
const isInstalled = import.meta.url.includes('/node_modules/');
const { run } = await import(isInstalled ? './dist/medallion-verify.mjs' : './main.ts');
process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  environment: process.env,
  now: Date.now,
});
