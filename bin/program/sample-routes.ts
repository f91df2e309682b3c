// Bringing the sample into a workspace, and taking it out again: from the empty inbox and from the settings.
import * as t from 'typebox'
import { memberOf } from '#platform/actor'
import { implement } from '#platform/contract/implement'
import { routes } from '#platform/contract/kernel'
import { Problem } from '#platform/contract/problem'
import { loadSample, type SampleDeps } from '../sample/load.ts'
import { isLoaded, removeSample } from '../sample/state.ts'

const State = t.Object({
  state: t.Unsafe<'absent' | 'loading' | 'loaded'>({ type: 'string', enum: ['absent', 'loading', 'loaded'] }),
})

export const sampleRoutes = routes({
  getSample: {
    method: 'GET',
    path: '/sample',
    summary: 'Tell whether the sample is in the workspace',
    access: 'sample.manage',
    reply: State,
  },
  loadSample: {
    method: 'POST',
    path: '/sample',
    summary: 'Bring a month of made-up conversations into the workspace, dated back from now',
    access: 'sample.manage',
    reply: t.Object({ conversations: t.Integer(), messages: t.Integer() }),
    problems: ['sample.already_loaded', 'sample.busy'],
    limit: { perMinute: 10 },
  },
  removeSample: {
    method: 'DELETE',
    path: '/sample',
    summary: 'Take the sample out again, whole',
    access: 'sample.manage',
    problems: ['sample.not_loaded', 'sample.busy'],
    limit: { perMinute: 10 },
  },
})

/** Routes of the sample; to be registered under `/api`. */
export function samplePlugin(deps: SampleDeps) {
  const busy = new Set<string>()
  /** One thing at a time in a workspace: what is half loaded is not removed under the loader's hands. */
  const alone = async <T>(workspaceId: string, work: () => Promise<T>): Promise<T> => {
    if (busy.has(workspaceId))
      throw new Problem(409, 'sample.busy', 'The sample is being loaded or removed just now. Wait a moment.')
    busy.add(workspaceId)
    try {
      return await work()
    } finally {
      busy.delete(workspaceId)
    }
  }
  return implement(sampleRoutes)({
    getSample: async (_, { actor }) => {
      if (busy.has(actor.workspaceId)) return { state: 'loading' }
      const loaded = await deps.db.read(actor, (tx) => isLoaded(tx, actor.workspaceId))
      return { state: loaded ? 'loaded' : 'absent' }
    },
    loadSample: (_, { actor }) => alone(actor.workspaceId, () => loadSample(deps, actor.workspaceId, memberOf(actor))),
    removeSample: (_, { actor }) => alone(actor.workspaceId, () => removeSample(deps.db, deps.files, actor)),
  })
}
