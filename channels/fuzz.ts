// Broken deliveries without end, from whole ones: bytes torn and flipped, JSON with fields missing, misnamed, of the wrong
// kind, too deep, too long. The same seed gives the same bytes, so that what was found once can be found again.
import { type Random, seededRandom } from '#platform/testing/random'

export interface Malformed {
  readonly body: Buffer
  /** What was done to it, for the message of a failing test. */
  readonly how: string
}

const DEPTH = 10_000
const LONG = 1024 * 1024

/** Each breaks something different; tried first, whatever the seed. */
const classics: readonly (readonly [string, () => string | Buffer])[] = [
  ['nothing', () => ''],
  ['null', () => 'null'],
  ['a number', () => '0'],
  ['a string', () => '"text"'],
  ['an empty list', () => '[]'],
  ['an empty object', () => '{}'],
  ['lists 10,000 deep', () => '['.repeat(DEPTH) + ']'.repeat(DEPTH)],
  ['objects 10,000 deep', () => '{"a":'.repeat(DEPTH) + '1' + '}'.repeat(DEPTH)],
  ['lists that never end', () => '['.repeat(LONG)],
  ['a megabyte of one letter', () => 'a'.repeat(LONG)],
  ['a megabyte of blanks', () => ' '.repeat(LONG)],
  ['a megabyte in a string', () => JSON.stringify('a'.repeat(LONG))],
  ['no UTF-8', () => Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80])],
  ['zeros', () => Buffer.alloc(1024)],
  ['a byte order mark alone', () => '\ufeff'],
  ['a prototype', () => '{"__proto__":{"type":"message"},"constructor":{"prototype":{}}}'],
]

/** Values that do not belong where they are put. `DEEP` is written out as real nesting. */
const DEEP = '@@deep@@'
const strangers: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  1.5,
  2 ** 53,
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e\u200b',
  '__proto__',
  'constructor',
  "'; drop table messages; --",
  '<img src=x onerror=alert(1)>',
  '../../../etc/passwd',
  '1970-01-01T00:00:00Z',
  '2099-12-31T23:59:59Z',
  '2026-13-45T99:99:99Z',
  'http://127.0.0.1/',
  'javascript:alert(1)',
  'a'.repeat(LONG),
  '👩‍👩‍👧‍👦'.repeat(5000),
  [],
  {},
  [[]],
  [null],
  { type: 'message' },
  DEEP,
]

/** The classics, then `count` mutations of `whole`, each of one to three steps. */
export function* malformed(whole: readonly Buffer[], seed: number, count: number): Generator<Malformed> {
  for (const [how, make] of classics) yield { how, body: Buffer.from(make() as string) }
  const random = seededRandom(seed)
  for (let round = 0; round < count; round++) {
    let body = random.pick(whole)
    const steps: string[] = []
    for (let step = random.below(3); step >= 0; step--) {
      const [how, changed] = mutate(body, random)
      body = changed
      steps.push(how)
    }
    yield { how: `round ${round} of seed ${seed}: ${steps.join(', ')}`, body }
  }
}

function mutate(body: Buffer, random: Random): readonly [string, Buffer] {
  // What is already too long or too deep goes on as bytes: this program must not break on its own work.
  const tame = body.length < 64 * 1024 && !body.includes('['.repeat(20))
  const tree = random.next() < 0.6 && tame ? parse(body) : undefined
  if (typeof tree !== 'object' || tree === null) return mutateBytes(body, random)
  const how = mutateTree(tree, random)
  const text = JSON.stringify(tree).replaceAll(`"${DEEP}"`, () => '['.repeat(DEPTH) + ']'.repeat(DEPTH))
  return [how, Buffer.from(text)]
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function mutateBytes(body: Buffer, random: Random): readonly [string, Buffer] {
  const at = random.below(body.length + 1)
  const length = random.below(Math.min(body.length - at, 64) + 1)
  const [head, cut, tail] = [body.subarray(0, at), body.subarray(at, at + length), body.subarray(at + length)]
  const noise = Buffer.from(Array.from({ length: 1 + random.below(8) }, () => random.below(256)))
  switch (random.below(7)) {
    case 0:
      return [`cut off at ${at}`, head]
    case 1:
      return [`${length} bytes left out at ${at}`, Buffer.concat([head, tail])]
    case 2:
      return [`${noise.length} bytes put in at ${at}`, Buffer.concat([head, noise, cut, tail])]
    case 3:
      return [`${length} bytes twice at ${at}`, Buffer.concat([head, cut, cut, tail])]
    case 4: {
      const flipped = Buffer.from(body)
      if (at < flipped.length) flipped[at]! ^= 1 << random.below(8)
      return [`a bit flipped at ${at}`, flipped]
    }
    case 5:
      return [`a lone surrogate's bytes at ${at}`, Buffer.concat([head, Buffer.from([0xed, 0xa0, 0x80]), cut, tail])]
    default:
      return ['twice over', Buffer.concat([body, body])]
  }
}

/** Every object and list in a tree, the tree itself included. */
function nodesOf(tree: object): (Record<string, unknown> | unknown[])[] {
  const nodes = [tree as Record<string, unknown>]
  for (let index = 0; index < nodes.length; index++) {
    for (const inner of Object.values(nodes[index]!)) {
      if (typeof inner === 'object' && inner !== null) nodes.push(inner as Record<string, unknown>)
    }
  }
  return nodes
}

function mutateTree(tree: object, random: Random): string {
  const node = random.pick(nodesOf(tree)) as Record<string, unknown>
  const names = Object.keys(node)
  const name = names.length > 0 ? random.pick(names) : 'added'
  // Never the very object that stands in the list above: a later step would change it for all who come after.
  const stranger = structuredClone(random.pick(strangers))
  switch (random.below(5)) {
    case 0:
      delete node[name]
      return `without ${name}`
    case 1:
      node[name.toUpperCase()] = node[name]
      delete node[name]
      return `${name} misnamed`
    case 2:
      node['added'] = stranger
      return 'something added'
    case 3:
      if (Array.isArray(node)) node.push(...Array.from({ length: 300 }, () => structuredClone(node[0])))
      else node[name] = [node[name]]
      return `${name} repeated`
    default:
      node[name] = stranger
      return `${name} became ${(JSON.stringify(stranger) ?? 'nothing').slice(0, 40)}`
  }
}

/** The same JSON with a field more in every object but those named in `open`, whose fields are the payload's own. */
export function withUnknownFields(body: Buffer, open: readonly string[] = []): Buffer {
  const tree = JSON.parse(body.toString('utf8')) as unknown
  const widen = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(widen)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([name, inner]) => [name, open.includes(name) ? inner : widen(inner)])
    return { 'x-unheard-of': { nested: ['field', 1, null] }, ...Object.fromEntries(entries) }
  }
  return Buffer.from(JSON.stringify(widen(tree)))
}
