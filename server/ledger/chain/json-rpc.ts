// Asks an Ethereum node over HTTP (JSON-RPC 2.0). Whatever it answers, or does not, ends in a value or a named error, soon.
// Errors never hold the node's address, which often carries a key, nor its words beyond a short beginning.

export type RpcErrorCode = 'chain-unreachable' | 'chain-slow' | 'chain-garbled' | 'chain-refused';

export class RpcError extends Error {
  readonly code: RpcErrorCode;
  /** What a contract gave as its reason, as hex. */
  readonly data: string | undefined;
  constructor(code: RpcErrorCode, message: string, data?: string) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
    this.data = data;
  }
}

export interface Rpc {
  /** Throws `RpcError`. The result is whatever the node sent: the caller checks its form. */
  call(method: string, params: readonly unknown[], limits?: RpcLimits): Promise<unknown>;
}

export interface RpcLimits {
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

const usual = { timeoutMs: 10_000, maxBytes: 1024 * 1024 };

export function createRpc(address: string, stopped?: AbortSignal): Rpc {
  const url = new URL(address);
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
  if (url.username !== '' || url.password !== '') {
    // fetch refuses addresses with a password in them.
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  let lastId = 0;

  async function send(body: string, timeoutMs: number, maxBytes: number): Promise<string> {
    const signals = [AbortSignal.timeout(timeoutMs), ...(stopped ? [stopped] : [])];
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body,
        redirect: 'error',
        signal: AbortSignal.any(signals),
      });
      return await readText(response, maxBytes);
    } catch (error) {
      if (error instanceof RpcError) throw error;
      const slow = error instanceof Error && error.name === 'TimeoutError';
      throw slow
        ? new RpcError('chain-slow', `no answer within ${timeoutMs} ms`)
        : new RpcError('chain-unreachable', 'the node cannot be reached');
    }
  }

  return {
    async call(method, params, limits = {}) {
      const id = ++lastId;
      const { timeoutMs, maxBytes } = { ...usual, ...limits };
      const text = await send(JSON.stringify({ jsonrpc: '2.0', id, method, params }), timeoutMs, maxBytes);
      const answer = parse(text);
      if (answer === undefined || answer['id'] !== id)
        throw new RpcError('chain-garbled', `no answer to ${method}`);
      const { error } = answer;
      if (error !== undefined && error !== null) throw refusal(method, error);
      if (!('result' in answer))
        throw new RpcError('chain-garbled', `neither result nor error for ${method}`);
      return answer['result'];
    },
  };
}

/** The body, and no more of it than may be. Nodes send errors with other codes than 200 too, as JSON all the same. */
async function readText(response: Response, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > maxBytes) throw new RpcError('chain-garbled', 'the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function refusal(method: string, error: unknown): RpcError {
  const { message, data } = (typeof error === 'object' ? error : {}) as { message?: unknown; data?: unknown };
  const words =
    typeof message === 'string' ? message.slice(0, 120).replace(/https?:\S+/g, '…') : 'no reason given';
  return new RpcError('chain-refused', `${method}: ${words}`, revertData(data));
}

/** Some nodes put the bytes into an object. */
function revertData(data: unknown): string | undefined {
  const bytes = typeof data === 'object' && data !== null && 'data' in data ? data.data : data;
  return typeof bytes === 'string' && /^0x([0-9a-f]{2})*$/i.test(bytes) ? bytes : undefined;
}
