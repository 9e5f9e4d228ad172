// What is offered to a chain for a transaction: enough for the next few blocks, more each time it is passed over, never above a limit.
import type { Rpc } from './json-rpc.ts';
import { bigOf, readBlock, readGasPrice, readTip } from './node-facts.ts';
import type { Fees, Hex } from './registry.ts';

// Nodes take a second transaction of the same number only when both prices are at least a tenth higher.
const raised = (wei: bigint): bigint => wei + wei / 4n + 1n;
const largest = (one: bigint, other: bigint): bigint => (one > other ? one : other);

/** `former`: what an earlier transaction of the same number offered. Undefined when the limit allows nothing that could succeed. */
export async function readFees(rpc: Rpc, mostFeeWei: bigint, former?: Fees): Promise<Fees | undefined> {
  const latest = await readBlock(rpc, 'latest');
  if (latest?.baseFeeWei === undefined) {
    const asked = await readGasPrice(rpc);
    const price = former ? largest(asked, raised(former.feeWei)) : asked;
    return price > mostFeeWei ? undefined : { feeWei: price, tipWei: undefined };
  }
  const suggested = await readTip(rpc);
  const tip = former ? largest(suggested, raised(former.tipWei ?? former.feeWei)) : suggested;
  const least = latest.baseFeeWei + tip;
  // Twice the base fee lasts through six full blocks.
  const wished = latest.baseFeeWei * 2n + tip;
  const fee = former ? largest(wished, raised(former.feeWei)) : wished;
  if (fee <= mostFeeWei) return { feeWei: fee, tipWei: tip };
  const enough = least <= mostFeeWei && (!former || raised(former.feeWei) <= mostFeeWei);
  return enough ? { feeWei: mostFeeWei, tipWei: tip } : undefined;
}

/** What the call would use on the newest block, whatever else waits, and a fifth more. Throws `RpcError` with the contract's reason when it would fail. */
export async function gasFor(rpc: Rpc, call: { from: Hex; to: Hex | undefined; data: Hex }): Promise<bigint> {
  const used = bigOf(await rpc.call('eth_estimateGas', [call, 'latest']), 'estimate');
  return used + used / 5n;
}
