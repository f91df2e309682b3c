// A room without clock, chance, network and disk, to prove that a function is pure: whatever it reaches for is refused and
// written down.
import crypto from 'node:crypto'
import dns from 'node:dns'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

export interface Visit<T> {
  /** What it reached for, each once; empty for a pure function. */
  readonly touched: readonly string[]
  readonly outcome: { readonly value: T } | { readonly thrown: unknown }
}

type Replaceable = Record<string, unknown>

const places: readonly (readonly [string, object, readonly string[]])[] = [
  ['Math', Math, ['random']],
  ['performance', performance, ['now']],
  ['process', process, ['hrtime', 'uptime']],
  ['globalThis', globalThis, ['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']],
  ['crypto', globalThis.crypto, ['getRandomValues', 'randomUUID']],
  ['node:crypto', crypto, ['randomBytes', 'randomUUID', 'randomInt', 'randomFillSync', 'randomUUIDv7']],
  ['node:net', net.Socket.prototype, ['connect']],
  ['node:dns', dns, ['lookup', 'resolve']],
  ['node:fs', fs, ['readFileSync', 'writeFileSync', 'openSync', 'readFile', 'writeFile']],
]

/** For functions that answer at once; the world is back before anything else runs. */
export function withoutWorld<T>(work: () => T): Visit<T> {
  const room = enterRoom()
  try {
    return { outcome: attempt(work), touched: [...room.touched] }
  } finally {
    room.leave()
  }
}

/** For functions that promise without waiting for anything outside: the world is back as soon as the promise settles. */
export async function withoutWorldUntil<T>(work: () => Promise<T>): Promise<Visit<T>> {
  const room = enterRoom()
  try {
    const outcome = await work().then(
      (value) => ({ value }),
      (thrown: unknown) => ({ thrown }),
    )
    return { outcome, touched: [...room.touched] }
  } finally {
    room.leave()
  }
}

function enterRoom(): { readonly touched: ReadonlySet<string>; leave(): void } {
  const touched = new Set<string>()
  const refuse = (name: string) => () => {
    touched.add(name)
    throw new Error(`A pure function may not use ${name}`)
  }
  const restore: (() => void)[] = []
  for (const [place, holder, names] of places) {
    for (const name of names) {
      const before = Object.getOwnPropertyDescriptor(holder, name)
      const inherited = before === undefined && name in holder
      if (before === undefined && !inherited) continue
      Object.defineProperty(holder, name, { value: refuse(`${place}.${name}`), configurable: true, writable: true })
      restore.push(() => {
        if (before) Object.defineProperty(holder, name, before)
        else delete (holder as Replaceable)[name]
      })
    }
  }
  const RealDate = Date
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, made) =>
      args.length === 0
        ? refuse('new Date()')()
        : Reflect.construct(target, args, made === globalThis.Date ? target : made),
    apply: refuse('Date()'),
    get: (target, name) => (name === 'now' ? refuse('Date.now') : Reflect.get(target, name, target)),
  })
  restore.push(() => void (globalThis.Date = RealDate))
  syncBuiltinESMExports()
  return {
    touched,
    leave() {
      for (const undo of restore) undo()
      syncBuiltinESMExports()
    },
  }
}

function attempt<T>(work: () => T): Visit<T>['outcome'] {
  try {
    return { value: work() }
  } catch (thrown) {
    return { thrown }
  }
}

/** Freezes an object and all in it, save buffers, which can't be. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
  return value
}
