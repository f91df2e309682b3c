// The first and the twentieth page of the inbox over HTTP, at three sizes of history, in the views that people live in. Beside
// it a route that selects and serialises the same rows by primary key.
import { openSet, openSets, type Desk } from './dataset.ts'
import { fromAddress, type Person } from './desk.ts'
import { atMost, plain, timed, type Bench, type Figure, type Measured, type Target } from './harness.ts'
import { startLimit } from './limit.ts'
import { callJson, drive, type Call } from './load.ts'

interface Page {
  readonly items: readonly { readonly id: string }[]
  readonly next: string | null
}

interface View {
  readonly name: string
  readonly query: string
  readonly who: Person
}

const CALLERS = 4

export async function list(bench: Bench): Promise<Measured> {
  const sizes = bench.pick([500], [10_000, 100_000, 1_000_000])
  const calls = bench.pick(8, 400)
  await using sets = await openSets(bench)
  const figures: Record<string, Figure> = {}
  const limit: Record<string, Figure> = {}
  const ratios: Record<string, number> = {}
  const targets: Target[] = []
  const notes: string[] = []
  let full = true
  for (const size of sizes) {
    const desk = await openSet(bench, sets, size)
    await using served = await desk.database.serve({ roles: 'web' })
    await using bare = await startLimit('rows', desk.database.url)
    figures[`messages at ${size}`] = plain(desk.messages, 'messages')
    for (const view of viewsOf(desk)) {
      for (const wanted of [1, 20]) {
        const found = await findPage(served.url, view, wanted)
        const name = `${view.name}, page ${wanted}, ${size}`
        if (found.number < wanted) notes.push(`${name}: the view has ${found.number} pages; its last one was taken.`)
        full &&= found.ids.length > 0
        const [ours, theirs] = await compare(served.url, bare.url, desk, view, found, calls)
        figures[name] = ours
        limit[name] = theirs
        ratios[`${name}: p99 / limit`] = ours.p99! / theirs.p99!
        targets.push(atMost(`${name}: p99 / limit`, 3))
      }
    }
  }
  const [least, most] = [sizes[0]!, sizes.at(-1)!]
  for (const name of most > least ? Object.keys(figures).filter((key) => key.endsWith(`, ${most}`)) : []) {
    const small = name.replace(`, ${most}`, `, ${least}`)
    const growth = `${name} / ${least}`
    ratios[growth] = figures[name]!.p50! / figures[small]!.p50!
    targets.push(atMost(growth, 1.3))
  }
  return { figures, limit, ratios, targets, notes, invariants: { 'every view shows rows': full } }
}

const viewsOf = ({ lead, agent, labels }: Desk): View[] => [
  { name: 'all open', query: 'state=open', who: lead },
  { name: 'mine', query: 'state=open&assignee=me', who: agent },
  { name: 'rare label', query: `state=open&label=${labels.rare}`, who: lead },
  { name: 'three teams', query: 'state=open', who: agent },
  { name: 'by priority', query: 'state=open&sort=priority', who: lead },
  { name: 'three teams by priority', query: 'state=open&sort=priority', who: agent },
]

interface Found {
  readonly path: string
  readonly ids: readonly string[]
  readonly number: number
}

/** Walks to a page as a browser does; the last one where there are fewer. */
async function findPage(url: string, { query, who }: View, wanted: number): Promise<Found> {
  let path = `/api/conversations?${query}`
  for (let number = 1; ; number++) {
    const { value } = await callJson<Page>(url, { method: 'GET', path, headers: who.headers })
    if (number === wanted || value.next === null) return { path, number, ids: value.items.map(({ id }) => id) }
    path = `/api/conversations?${query}&after=${encodeURIComponent(value.next)}`
  }
}

/** Both in turn, in short rounds, so that whatever else the machine does meets both. */
async function compare(
  url: string,
  limitUrl: string,
  { workspaceId }: Desk,
  { who }: View,
  { path, ids }: Found,
  calls: number,
): Promise<[Figure, Figure]> {
  const body = JSON.stringify({ workspaceId, ids })
  const theirCall: Call = { method: 'POST', path: '/rows', headers: { 'content-type': 'application/json' }, body }
  let caller = 0
  const ourCall = (): Call => ({ method: 'GET', path, headers: { ...who.headers, ...fromAddress((caller += 1)) } })
  const some = <T>(make: () => T, count: number): Iterator<T> => Array.from({ length: count }, make).values()
  const times: [number[], number[]] = [[], []]
  const rounds = 4
  for (let round = 0; round <= rounds; round++) {
    const options = { callers: CALLERS, seconds: 20 }
    const ours = await drive(url, some(ourCall, Math.ceil(calls / rounds)), options)
    const theirs = await drive(
      limitUrl,
      some(() => theirCall, Math.ceil(calls / rounds)),
      options,
    )
    if (round === 0) continue
    times[0].push(...ours.times)
    times[1].push(...theirs.times)
  }
  return [timed(times[0]), timed(times[1])]
}
