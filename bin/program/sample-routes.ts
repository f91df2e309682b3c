// Bringing the sample into a workspace, and taking it out again: from the empty inbox and from the settings.
import { memberOf } from '#platform/actor'
import { implement } from '#platform/contract/implement'
import { Problem } from '#platform/contract/problem'
import { sampleRoutes } from '#workspaces/contract'
import { loadSample, type SampleDeps } from '../sample/load.ts'
import { countSample, isLoaded, removeSample } from '../sample/state.ts'

interface Work {
  readonly state: 'loading' | 'removing'
  done: number | null
}

/** Routes of the sample; to be registered under `/api`. */
export function samplePlugin(deps: SampleDeps) {
  const busy = new Map<string, Work>()
  /** One thing at a time in a workspace: what is half loaded is not removed under the loader's hands. */
  const alone = async <T>(workspaceId: string, state: Work['state'], act: (work: Work) => Promise<T>): Promise<T> => {
    if (busy.has(workspaceId))
      throw new Problem(409, 'sample.busy', 'The sample is being loaded or removed just now. Wait a moment.')
    const work: Work = { state, done: null }
    busy.set(workspaceId, work)
    try {
      return await act(work)
    } finally {
      busy.delete(workspaceId)
    }
  }
  return implement(sampleRoutes)({
    getSample: async (_, { actor }) => {
      const work = busy.get(actor.workspaceId)
      return deps.db.read(actor, async (tx) => {
        const loaded = await isLoaded(tx, actor.workspaceId)
        const counts = await countSample(tx, actor.workspaceId)
        return { state: work?.state ?? (loaded ? 'loaded' : 'absent'), done: work?.done ?? null, ...counts }
      })
    },
    loadSample: (_, { actor }) =>
      alone(actor.workspaceId, 'loading', (work) =>
        loadSample(deps, actor.workspaceId, memberOf(actor), (share) => {
          work.done = share
        }),
      ),
    removeSample: (_, { actor }) =>
      alone(actor.workspaceId, 'removing', () => removeSample(deps.db, deps.files, actor)),
  })
}
