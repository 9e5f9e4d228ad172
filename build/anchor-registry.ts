// Writes server/ledger/chain/anchor-registry.ts: interface and code of contract/AnchorRegistry.sol, as the compiler makes them.
// A test compares the file with what this would write.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import prettier from 'prettier';

interface Compiled {
  errors?: { severity: string; formattedMessage: string }[];
  contracts?: Record<
    string,
    Record<
      string,
      { abi: unknown[]; evm: { bytecode: { object: string }; deployedBytecode: { object: string } } }
    >
  >;
}

const root = join(import.meta.dirname, '..');
export const registryFile = join(root, 'server/ledger/chain/anchor-registry.ts');

/** Whole file as it should stand. Throws with the compiler's words when the contract does not compile without a warning. */
export async function registrySource(): Promise<string> {
  const compiler = createRequire(import.meta.url)('solc') as { compile(input: string): string };
  const input = {
    language: 'Solidity',
    sources: {
      'AnchorRegistry.sol': { content: readFileSync(join(root, 'contract/AnchorRegistry.sol'), 'utf8') },
    },
    settings: {
      // The oldest rules that matter: the code then runs on every chain that follows Ethereum.
      evmVersion: 'paris',
      optimizer: { enabled: true, runs: 10_000 },
      // The code depends on what is said in the contract and on nothing else, comments included.
      metadata: { appendCBOR: false, bytecodeHash: 'none' },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  };
  const { errors = [], contracts } = JSON.parse(compiler.compile(JSON.stringify(input))) as Compiled;
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'));
  const made = contracts?.['AnchorRegistry.sol']?.['AnchorRegistry'];
  if (!made) throw new Error('the compiler made nothing');
  const text = `// Made by build/anchor-registry.ts from contract/AnchorRegistry.sol: do not edit.

export const anchorRegistryAbi = ${JSON.stringify(made.abi)} as const;

/** What a deployment sends. */
export const anchorRegistryBytecode = '0x${made.evm.bytecode.object}';

/** What then lies at the contract's address: another code there is another contract. */
export const anchorRegistryCode = '0x${made.evm.deployedBytecode.object}';
`;
  const options = await prettier.resolveConfig(registryFile);
  return prettier.format(text, { ...options, parser: 'typescript' });
}

if (import.meta.main) writeFileSync(registryFile, await registrySource());
