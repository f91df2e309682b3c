// The policy that a workspace begins with, until it publishes its own. A day's wait is 1,440 minutes: a reason of 720 puts a
// conversation before those that have waited up to twelve hours longer.
import type { PriorityPolicy } from '../../contract.ts'

export const defaultPolicy: PriorityPolicy = {
  severity: {
    on: true,
    minutes: {
      'self-harm': 10_080,
      safety: 720,
      fraud: 360,
      discrimination: 240,
      legal: 240,
      outage: 240,
      money: 120,
      vulnerable: 0,
    },
  },
  urgency: { on: true, minutes: 240 },
  promise: { on: true, soonMinutes: 60, soon: 120, late: 480 },
  window: { on: true, withinMinutes: 120, minutes: 360 },
  repeat: { on: true, each: 30, most: 120 },
  brokenPromise: { on: true, minutes: 240 },
  vulnerable: { on: true, minutes: 360 },
  reach: { on: false, tenfold: 20, most: 60, halfLifeDays: 3 },
  sentiment: { on: true, minutes: 60 },
  flag: { on: true, tags: [] },
}
