import { judge } from '../domains/triage/server/worker/judge.ts'
import { loadModels, sampleMessages, defaultTopics } from '#triage/server'
import { seededRandom } from '#platform/testing/random'
import { textOf, vocabulary } from './text.ts'
import { serialize, deserialize } from 'node:v8'
const t0 = performance.now()
const models = loadModels(); const t1 = performance.now(); defaultTopics(); const t2 = performance.now()
console.log('models', t1 - t0, 'topics', t2 - t1)
const r = seededRandom(1), w = vocabulary()
const n = 16000
const sets = { gibberish: Array.from({ length: n }, () => textOf(r, w)), real: (() => { const s = sampleMessages(12000); return Array.from({ length: n }, () => `${r.pick(s)} ${r.pick(s)}`) })() }
for (const [name, texts] of Object.entries(sets)) {
  let first = 0
  for (let round = 0; round < 2; round++) {
  const c = process.cpuUsage(); 
  let ser = 0
  for (let i = 0; i < n; i += 256) { const b = performance.now(); const out = judge(texts.slice(i, i + 256), { models, layer: null, topics: null }); if (i === 0) first = performance.now() - b; const s = performance.now(); deserialize(serialize(out)); ser += performance.now() - s }
  const u = process.cpuUsage(c); const us = (u.user + u.system) / n
  console.log(name, 'round', round, us.toFixed(1), 'us per message; of which clone', (ser * 1000 / n).toFixed(1), 'first batch', first.toFixed(0), 'bytes', texts.reduce((a, t) => a + t.length, 0) / n)
  }
}
