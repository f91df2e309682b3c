// The sample: a month of made-up conversations, to try things out on. What fills it stands in bin/sample.
import * as t from 'typebox'
import { nullable, oneOf, routes } from '#platform/contract/kernel'

export const Sample = t.Object(
  {
    state: oneOf(['absent', 'loading', 'removing', 'loaded']),
    /** How far loading has come, from 0 to 1; null where that is not known. */
    done: nullable(t.Number({ minimum: 0, maximum: 1 })),
    conversations: t.Integer(),
    messages: t.Integer(),
    customers: t.Integer(),
  },
  { $id: 'Sample' },
)
export type Sample = t.Static<typeof Sample>

export const sampleRoutes = routes({
  getSample: {
    method: 'GET',
    path: '/sample',
    summary: 'Whether the sample is in the workspace, how much of it, and how far loading has come',
    access: 'sample.manage',
    reply: Sample,
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
