// Load: bounded in number and in time, from this process, over kept-alive connections on the loopback.
import { Pool } from 'undici'
import { sleep } from './harness.ts'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: Buffer | string
}

export interface Driven {
  /** Milliseconds of each call. */
  readonly times: number[]
  readonly seconds: number
}

/** `callers` at once, each with the next call as soon as its last was answered, until `calls` or the time are used up. */
export async function drive(
  url: string,
  calls: Iterator<Call>,
  { callers, seconds, status = 200 }: { readonly callers: number; readonly seconds: number; readonly status?: number },
): Promise<Driven> {
  const pool = new Pool(url, { connections: callers, pipelining: 1 })
  const times: number[] = []
  const began = performance.now()
  const until = began + seconds * 1000
  const caller = async (): Promise<void> => {
    for (let now = performance.now(); now < until; now = performance.now()) {
      const next = calls.next()
      if (next.done) return
      const answer = await pool.request({ ...next.value, body: next.value.body ?? null })
      await answer.body.dump()
      if (answer.statusCode !== status) throw new Error(`${next.value.path} answered ${answer.statusCode}`)
      times.push(performance.now() - now)
    }
  }
  try {
    await Promise.all(Array.from({ length: callers }, caller))
    return { times, seconds: (performance.now() - began) / 1000 }
  } finally {
    await pool.close()
  }
}

/** Begins `perSecond` tasks a second whether or not the earlier ones have ended, then waits for all of them. */
export async function pace(perSecond: number, seconds: number, task: (index: number) => Promise<void>): Promise<void> {
  const count = Math.round(perSecond * seconds)
  const began = performance.now()
  const running = new Set<Promise<void>>()
  let failure: unknown = null
  for (let index = 0; index < count; index++) {
    const early = began + (index * 1000) / perSecond - performance.now()
    if (early > 1) await sleep(early)
    const one = task(index)
      .catch((error: unknown) => void (failure ??= error))
      .finally(() => running.delete(one))
    running.add(one)
    if (failure !== null) break
  }
  await Promise.all(running)
  if (failure !== null) throw failure instanceof Error ? failure : new Error('a paced task failed', { cause: failure })
}

/** A JSON call of a client that is not itself measured. */
export async function callJson<T>(
  url: string,
  { method, path, headers = {}, body }: Omit<Call, 'body'> & { readonly body?: unknown },
): Promise<{ readonly value: T; readonly headers: Headers }> {
  const answer = await fetch(url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 300)}`)
  return { value: (text === '' ? null : JSON.parse(text)) as T, headers: answer.headers }
}

/** Waits until `done` answers true. Throws when it has not within the time. */
export async function waitFor(
  what: string,
  seconds: number,
  done: () => Promise<boolean>,
  everyMs = 50,
): Promise<void> {
  const until = performance.now() + seconds * 1000
  while (!(await done())) {
    if (performance.now() > until) throw new Error(`${what} took longer than ${seconds} s`)
    await sleep(everyMs)
  }
}
