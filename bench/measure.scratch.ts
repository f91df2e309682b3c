import { claim, connectApi } from './desk.ts'
import { makeDeliveries, storePending, take } from './deliveries.ts'
import { waitFor } from './load.ts'
import { startServer, dearestStatements } from './world.ts'
import { join } from 'node:path'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
function cpu(pid: number | null): number {
  let sum = 0
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const f = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const own = Number(f[11]) + Number(f[12]), kids = Number(f[13]) + Number(f[14])
      if (pid !== null) { if (Number(name) === pid) sum += own }
      else if (/postgres/.test(stat.slice(0, stat.lastIndexOf(')')))&& readlinkSync(`/proc/${name}/cwd`).includes(clusterMark)) sum += own + kids
    } catch {}
  }
  return sum / 100
}
function idle(): number { const f = readFileSync('/proc/stat','utf8').split('\n')[0]!.split(/\s+/).slice(1).map(Number); return (f[3]! + f[4]!) / 100 }
let clusterMark = 'triage-speed'
const modes = (process.argv[2] ?? 'off,on').split(',')
const wanted = Number(process.argv[3] ?? 12000)
await using server = await startServer('/tmp/triage-speed/bench')
let n = 0
for (const mode of modes) {
  await using database = await server.database(`m_${n++}`)
  const web = await database.serve({ roles: 'web' })
  const desk = await claim(web)
  const connections = []
  for (let n = 0; n < 8; n++) connections.push(await connectApi(web, desk, `System ${n}`))
  await web.stop()
  const made = makeDeliveries({ seed: 2, connections, threads: Math.ceil(wanted / 3) })
  const isDone = async () => (await database.owner.query(`select from deliveries where state = 'pending' limit 1`)).rowCount === 0
  const go = async (count: number) => {
    await storePending(database.owner, desk.workspaceId, take(made, count))
    await database.owner.query('vacuum analyze')
    await using worker = await database.serve({ roles: 'worker', understands: mode === 'on' })
    const [w0, p0, i0] = [cpu(worker.pid), cpu(null), idle()]
    await waitFor('receiving', 300, isDone, 25)
    const at = new Date()
    console.log(`  cpu of worker ${(cpu(worker.pid) - w0).toFixed(2)} s, of postgres ${(cpu(null) - p0).toFixed(2)} s, idle ${(idle() - i0).toFixed(2)}`)
    for (const t of readdirSync(`/proc/${worker.pid}/task`)) { const st = readFileSync(`/proc/${worker.pid}/task/${t}/stat`, 'utf8'); const f = st.slice(st.lastIndexOf(')')+2).split(' '); const c = (Number(f[11])+Number(f[12]))/100; if (c > 0.3) console.log('   thread', st.slice(0, st.lastIndexOf(')')+1), c) }
    console.log(`  rss ${Math.round(await worker.memory() / 1048576)} MB`)
    return at
  }
  await go(Math.ceil(wanted / 4))
  await dearestStatements(server)
  const since = new Date()
  const ended = await go(wanted)
  const { rows } = await database.owner.query(`select min(settled_at) as b from deliveries where settled_at > $1`, [since])
  const s = (ended.getTime() - rows[0].b.getTime()) / 1000
  console.log(mode, Math.round(wanted / s), 'messages/s', s)
  if (mode === 'on' && process.env['EXPLAIN']) {
    const { default: pg } = await import('pg')
    const cl = new pg.Client({ connectionString: database.url }); await cl.connect()
    const facts = (said: boolean, ctc: boolean) => `select c.id, c.connection_id, c.visibility, c.last_inbound_at, c.thread_facts, c.due_at, c.promise_state, c.group_id,
      ${ctc ? `(select count(*)::int from (select from conversations o where o.workspace_id = c.workspace_id and o.customer_id = c.customer_id
        and o.last_activity_at > c.first_message_at - interval '14 days' and o.first_message_at < c.first_message_at and o.id <> c.id
        limit 20) before) as contacts,
      array(select t.tag from customer_tags t where t.workspace_id = c.workspace_id and t.customer_id = c.customer_id) as tags,
      (select max(i.reach) from identities i where i.workspace_id = c.workspace_id and i.customer_id = c.customer_id) as reach,` : ''}
      ${said ? `case when not w.is_known then coalesce((select json_agg(s) from (
        select m.id as "messageId", m.occurred_at as "occurredAt", a.language, a.sentiment, a.negative, a.positive, a.intent, a.topic, a.urgency,
          a.severity, a.severity_probabilities as "severityProbabilities", a.needs_person as "needsPerson", a.toxicity, a.spam, a.corrected
        from messages m join message_assessments a on a.workspace_id = m.workspace_id and a.message_id = m.id
        where m.workspace_id = c.workspace_id and m.conversation_id = c.id and m.kind = 'in' and not m.context and m.deleted_at is null
          and m.episode = coalesce(w.episode, c.episode)
        order by m.occurred_at desc, m.seq desc limit 20) s), '[]') end as said` : '1'}
    from unnest($1::uuid[], $2::int[],
      $3::boolean[]) as w (id, episode, is_known)
    join conversations c on c.workspace_id = $4::uuid and c.id = w.id`
    await cl.query(`begin; set local role rapport_app; set local app.workspace_id = '${desk.workspaceId}'`)
    const ids = (await cl.query(`select conversation_id as id, count(*)::int n from (select conversation_id from messages order by seq desc limit 256) x group by 1`)).rows.map((r: any) => r.id)
    for (const [a, b] of [[true, true], [true, false], [false, true], [false, false]] as const) {
      const { rows } = await cl.query('explain (analyze, buffers, costs off) ' + facts(a, b), [ids, ids.map(() => 1), ids.map(() => false), desk.workspaceId])
      console.log(ids.length, a, b, a && b ? rows.map((r: any) => r['QUERY PLAN']).join('\n') : rows.at(-1))
    }
    await cl.end()
  }
  const c = await database.owner.query(`select (select count(*) from message_assessments)::int a, (select count(*) from message_marks)::int marks, (select count(*) from conversation_proposals)::int p, (select count(*) from priority_steps)::int steps, (select count(distinct group_id) from conversations)::int groups, (select count(*) from conversations)::int conv, (select count(*)::int from events where type like 'triage%') ev`)
  console.log(c.rows[0])
  for (const line of (await dearestStatements(server))) console.log(`  ${line}`)
}
